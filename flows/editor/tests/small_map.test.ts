import { describe, expect, it } from "vitest";
import { around, boxesPath, mapView } from "../src/model/small_map";

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

describe("the small map", () => {
  it("draws all cards as one path", () => {
    expect(boxesPath([box(0, 0, 10, 5), box(20, 7, 10, 5)])).toBe("M0 0h10v5h-10zM20 7h10v5h-10z");
    expect(boxesPath([])).toBe("");
  });

  it("knows the box around them, and none for none", () => {
    expect(around([box(0, 0, 10, 5), box(20, -7, 10, 5)])).toEqual(box(0, -7, 30, 12));
    expect(around([])).toBeNull();
  });

  it("shows cards and window whole, in the proportions of the map", () => {
    const view = mapView(box(0, 0, 1000, 100), box(900, 0, 400, 300), { width: 200, height: 150 });
    expect(view.width / view.height).toBeCloseTo(200 / 150);
    expect(view.x).toBeLessThan(0);
    expect(view.x + view.width).toBeGreaterThan(1300);
    expect(view.y + view.height).toBeGreaterThan(300);
  });
});
