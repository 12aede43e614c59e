/** Three commands that tell the story: a list for somebody known, a click of somebody new, and the list that reflects it. */
export function tryThese(address: string, key: string, visitor: string, item: string): string[] {
  const header = `-H "authorization: Bearer ${key}"`;
  const event = JSON.stringify({ user: "you", item, type: "view" });
  return [
    `curl -s ${header} "${address}/v1/recommendations/for-you?user=${visitor}&k=3"`,
    `curl -s ${header} -H "content-type: application/json" -d '${event}' ${address}/v1/events`,
    `curl -s ${header} "${address}/v1/recommendations/for-you?user=you&k=3"`,
  ];
}
