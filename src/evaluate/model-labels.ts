/** A unique label per model: its name, plus the options in which it differs from others with that name, or a number if there are none. */
export function modelLabels(models: readonly { readonly name: string; readonly options: Readonly<Record<string, unknown>> }[]): string[] {
  const labels = models.map((model) => {
    const namesakes = models.filter((other) => other.name === model.name);
    const differing = Object.entries(model.options).filter(([option, value]) => namesakes.some((other) => other.options[option] !== value));
    return differing.length === 0 ? model.name : `${model.name}(${differing.map(([option, value]) => `${option}=${value}`).join(", ")})`;
  });
  return labels.map((label, i) => {
    const before = labels.slice(0, i).filter((other) => other === label).length;
    return before === 0 ? label : `${label} #${before + 1}`;
  });
}
