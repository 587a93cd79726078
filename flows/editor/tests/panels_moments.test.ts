import { describe, expect, it } from "vitest";
import { flowZone, localOf, momentOf, presets, sameMoment, spokenTime } from "../src/panels/moments";

describe("the clock of a flow", () => {
  it("is that of its opening hours, before any other node's", () => {
    const nodes = {
      ask: { type: "collect", zone: "Europe/Berlin" },
      hours: { type: "business_hours", zone: "Asia/Shanghai" },
    };
    expect(flowZone({ name: "f", languages: [], start: "ask", nodes }, "UTC")).toBe("Asia/Shanghai");
  });

  it("is the given one when the flow names no zone that exists", () => {
    const nodes = { hours: { type: "business_hours", zone: "Mars/Olympus" } };
    expect(flowZone({ name: "f", languages: [], start: "hours", nodes }, "Asia/Tokyo")).toBe("Asia/Tokyo");
  });

  it("takes a time without an offset as its own, and the same moment for the same however it is written", () => {
    expect(localOf("2026-12-31T12:00", "Asia/Shanghai")).toBe("2026-12-31T12:00");
    expect(sameMoment("2026-12-31T12:00:00+08:00", "2026-12-31T04:00:00Z")).toBe(true);
    expect(sameMoment("", "2026-12-31T04:00:00Z")).toBe(false);
    expect(sameMoment("", "")).toBe(true);
  });

  it("turns into a moment and back", () => {
    expect(momentOf("2026-12-31T12:00", "Asia/Shanghai")).toBe("2026-12-31T12:00:00+08:00");
    expect(localOf("2026-12-31T04:00:00Z", "Asia/Shanghai")).toBe("2026-12-31T12:00");
    expect(momentOf("2026-07-01T00:30", "America/New_York")).toBe("2026-07-01T00:30:00-04:00");
    expect(localOf("2026-07-01T04:30:00Z", "America/New_York")).toBe("2026-07-01T00:30");
  });

  it("reads midnight as 00:00 of the new day", () => {
    expect(localOf("2026-12-31T16:00:00Z", "Asia/Shanghai")).toBe("2027-01-01T00:00");
  });

  it("knows both sides of a change to winter time", () => {
    expect(momentOf("2026-10-25T01:30", "Europe/Berlin")).toBe("2026-10-25T01:30:00+02:00");
    expect(momentOf("2026-10-25T03:30", "Europe/Berlin")).toBe("2026-10-25T03:30:00+01:00");
  });

  it("moves a time that summer time skips to one that exists", () => {
    expect(localOf(momentOf("2026-03-29T02:30", "Europe/Berlin"), "Europe/Berlin")).toMatch(/T0[13]:30$/);
  });

  it("is empty for what is no time", () => {
    expect(momentOf("", "UTC")).toBe("");
    expect(localOf("soon", "UTC")).toBe("");
    expect(spokenTime("", "UTC", "en")).toBe("");
  });
});

describe("times to try with one click", () => {
  const at = Object.fromEntries(presets(new Date("2026-11-22T01:00:00Z"), "Asia/Shanghai").map((p) => [p.key, p.at]));

  it("lie ahead, by the flow's own clock", () => {
    expect(at.now).toBe("");
    // 22 November 2026 is a Sunday in Shanghai; the next one is a week away.
    expect(localOf(at.sunday ?? "", "Asia/Shanghai")).toBe("2026-11-29T03:00");
    expect(localOf(at.monday ?? "", "Asia/Shanghai")).toBe("2026-11-23T10:00");
    expect(localOf(at.year_end ?? "", "Asia/Shanghai")).toBe("2026-12-31T12:00");
    expect(localOf(at.new_year ?? "", "Asia/Shanghai")).toBe("2027-01-01T09:00");
  });

  it("are told in the reader's language", () => {
    expect(spokenTime(at.sunday ?? "", "Asia/Shanghai", "en")).toMatch(/Sun.*29 Nov 2026.*03:00/);
    expect(spokenTime(at.sunday ?? "", "Asia/Shanghai", "zh")).toContain("03:00");
  });
});
