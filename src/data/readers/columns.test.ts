import { describe, expect, it } from "vitest";
import { chooseColumns } from "./columns.ts";

const found = (names: string[], header = true, sample: string[][] = [], given = {}) => {
  const { unused: _, session: __, basket: ___, context: ____, ...chosen } = chooseColumns(names, header, sample, given);
  return Object.fromEntries(Object.entries(chosen).map(([role, choice]) => [role, `${choice.index} ${choice.by}`]));
};

describe("chooseColumns", () => {
  it.each([
    [["user", "movie", "rating", "order"], { user: "0 name", item: "1 name", weight: "2 name", time: "3 name" }],
    [["userId", "movieId", "rating", "timestamp"], { user: "0 name", item: "1 name", weight: "2 name", time: "3 name" }],
    [["ts", "SessionId", "ItemId"], { user: "1 name", item: "2 name", time: "0 name" }],
    [["reviewerID", "asin", "overall", "unixReviewTime"], { user: "0 name", item: "1 name", weight: "2 name", time: "3 name" }],
    [["user_id", "session_id", "item_id", "event_type"], { user: "0 name", item: "2 name", type: "3 name" }],
    [["FeedbackType", "UserId", "ItemId"], { user: "1 name", item: "2 name", type: "0 name" }],
    [["user", "item", "type", "event_name"], { user: "0 name", item: "1 name", type: "3 name" }],
    [["from", "to"], { user: "0 place", item: "1 place" }],
    [["user", "thing"], { user: "0 name", item: "1 place" }],
  ])("knows %j", (names, choices) => expect(found(names)).toEqual(choices));

  it("without a header, goes by position and content", () => {
    const names = ["column 1", "column 2", "column 3", "column 4"];
    expect(found(names, false, [["1", "9", "4.5", "881250949"]])).toEqual({
      user: "0 place",
      item: "1 place",
      weight: "2 content",
      time: "3 content",
    });
    expect(found(names, false, [["a", "b", "2020-01-01", "x"]])).toEqual({ user: "0 place", item: "1 place", time: "2 content" });
    expect(found(names, false, [["881250949", "1", "b", "3"]])).toMatchObject({ user: "0 place", item: "1 place" });
  });

  it("uses given columns first, by name or by position, and guesses nothing for false", () => {
    const names = ["rating", "user", "film", "score"];
    expect(found(names, true, [], { weight: "score" })).toMatchObject({ weight: "3 given" });
    expect(found(names, true, [], { user: 2, item: "1" })).toMatchObject({ user: "2 given", item: "1 given" });
    expect(found(names, true, [], { weight: false })).toEqual({ user: "1 name", item: "2 name" });
  });

  it("tells which columns of a header are not read", () => {
    expect(chooseColumns(["user", "mood", "item", "shelf"], true, [], { context: ["shelf"] }).unused).toEqual(["mood"]);
    expect(chooseColumns(["user", "item"], true, [], {})).not.toHaveProperty("unused");
    expect(chooseColumns(["column 1", "column 2", "column 3"], false, [["a", "b", "c"]], {})).not.toHaveProperty("unused");
  });

  it("prefers a column whose name is a number to the column at that position", () => {
    expect(found(["1", "0"], true, [], { user: "0", item: "1" })).toEqual({ user: "1 given", item: "0 given" });
  });

  it("does not guess the item column among several unknown ones", () => {
    expect(() => found(["CustomerID", "Country", "Description"])).toThrowError(
      /No column looks like the item.*"item".*0: CustomerID, 1: Country/,
    );
    expect(() => found(["user"])).toThrowError(/one column \("user"\).*delimiter/);
    expect(() => found(["user", "item"], true, [], { time: "tme" })).toThrowError(/There is no column "tme" for the time/);
    expect(() => found(["user", "item", "time"], true, [], { time: "tme" })).toThrowError(/Did you mean time/);
    expect(() => found(["user", "item"], true, [], { time: 7 })).toThrowError(/no column 7/);
  });
});
