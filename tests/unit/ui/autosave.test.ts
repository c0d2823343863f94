import { AUTOSAVE_MS, Autosave } from "@pwa/ui/autosave";
import { beforeEach, describe, expect, it, vi } from "vitest";

/** A target that notes what happens; `fail` makes the next saves fail. */
function target() {
  const log: string[] = [];
  const state = { fail: false, gate: Promise.resolve() };
  const results: unknown[] = [];
  return {
    log,
    state,
    results,
    save: async (value: string) => {
      log.push(`begin ${value}`);
      await state.gate;
      if (state.fail) throw new Error("disk full");
      log.push(`saved ${value}`);
    },
    discard: async () => {
      log.push("discarded");
    },
    onResult: (error: unknown) => results.push(error),
  };
}

describe("autosave", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  it("gathers typing for at most 300 ms and saves the newest", async () => {
    const to = target();
    const autosave = new Autosave<string>(to);
    autosave.put("a");
    autosave.put("ab");
    expect(AUTOSAVE_MS).toBeLessThanOrEqual(300);
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS);
    expect(to.log).toEqual(["begin ab", "saved ab"]);
  });

  it("does not wait longer because typing goes on", async () => {
    const to = target();
    const autosave = new Autosave<string>(to);
    for (const text of ["a", "ab", "abc"]) {
      autosave.put(text);
      await vi.advanceTimersByTimeAsync(AUTOSAVE_MS * 0.4);
    }
    expect(to.log).toContain("saved abc");
  });

  it("saves at once when asked, one after the other", async () => {
    const to = target();
    let open = () => {};
    to.state.gate = new Promise((resolve) => {
      open = resolve;
    });
    const autosave = new Autosave<string>(to);
    autosave.put("a");
    const first = autosave.flush();
    autosave.put("b");
    const second = autosave.flush();
    await vi.advanceTimersByTimeAsync(0);
    expect(to.log).toEqual(["begin a"]);
    open();
    await Promise.all([first, second]);
    expect(to.log).toEqual(["begin a", "saved a", "begin b", "saved b"]);
  });

  it("keeps what could not be saved for the next chance", async () => {
    const to = target();
    const autosave = new Autosave<string>(to);
    to.state.fail = true;
    autosave.put("a");
    await autosave.flush();
    expect(to.results.at(-1)).toBeInstanceOf(Error);
    to.state.fail = false;
    await autosave.flush();
    expect(to.log.at(-1)).toBe("saved a");
    expect(to.results.at(-1)).toBeNull();
  });

  it("prefers what was typed since over what failed", async () => {
    const to = target();
    const autosave = new Autosave<string>(to);
    to.state.fail = true;
    autosave.put("old");
    const failing = autosave.flush();
    autosave.put("new");
    await failing;
    to.state.fail = false;
    await autosave.flush();
    expect(to.log.at(-1)).toBe("saved new");
  });

  it("discards after the save that runs, and lets a new draft begin", async () => {
    const to = target();
    const autosave = new Autosave<string>(to);
    autosave.put("a");
    void autosave.flush();
    autosave.put("b");
    await autosave.discard();
    expect(to.log).toEqual(["begin a", "saved a", "discarded"]);
    autosave.put("c");
    await autosave.flush();
    expect(to.log.at(-1)).toBe("saved c");
  });

  it("does not bring back what was discarded while its save failed", async () => {
    const to = target();
    const autosave = new Autosave<string>(to);
    to.state.fail = true;
    autosave.put("a");
    void autosave.flush();
    await vi.advanceTimersByTimeAsync(0);
    await autosave.discard();
    to.state.fail = false;
    await autosave.flush();
    expect(to.log).not.toContain("saved a");
  });

  it("never writes again once the form is saved", async () => {
    const to = target();
    const autosave = new Autosave<string>(to);
    await autosave.end();
    autosave.put("late");
    await autosave.flush();
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS * 2);
    expect(to.log).toEqual(["discarded"]);
  });
});
