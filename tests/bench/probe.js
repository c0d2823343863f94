/**
 * Runs in the page before the app does: how long from an input of the person to the painted answer,
 * and how long the app's workers were at work. CPU throttling reaches the main thread alone, so
 * that share is known by itself.
 */
(() => {
  let input = 0;
  let taps = 0;
  const begun = (event) => {
    if (event.isTrusted) input = event.timeStamp;
  };
  addEventListener("pointerdown", (event) => begun(event) ?? taps++, true);
  addEventListener("keydown", begun, true);

  /** A frame's callbacks come before its painting, the most urgent task right after it. */
  const painted = () => scheduler.postTask(() => performance.now(), { priority: "user-blocking" });
  const nextFrame = () => new Promise(requestAnimationFrame);
  const texts = (selector) =>
    Array.from(document.querySelectorAll(selector), (node) => node.textContent).join("\n");

  /** {selector, text?, value?, changes?}: something is there, says or holds that, or changes. */
  function condition({ selector, text, value, changes }) {
    if (changes) {
      const before = texts(selector);
      return () => texts(selector) !== before;
    }
    if (value !== undefined) return () => document.querySelector(selector)?.value === value;
    if (text !== undefined) return () => texts(selector).includes(text);
    return () => document.querySelector(selector) !== null;
  }

  async function answered(question, patience) {
    const holds = condition(question);
    const end = performance.now() + patience;
    while (performance.now() < end) {
      await nextFrame();
      if (holds()) return painted();
    }
    return null;
  }

  let answers = Promise.resolve({});
  globalThis.probe = {
    /** Begins to look for answers, {name: question}; `patience` in ms. */
    watch(questions, patience) {
      const looking = Object.entries(questions).map(async ([name, question]) => {
        const at = await answered(question, patience);
        return [name, at && { after: at - input, at }];
      });
      answers = Promise.all(looking).then(Object.fromEntries);
    },
    /** {name: {after: ms since the last input, at: ms since the navigation} or null}. */
    answers: () => answers,
    taps: () => taps,
    /** Milliseconds the workers owed an answer between two moments of this page. */
    working: (from, to) =>
      spans.reduce(
        (sum, [begin, end]) => sum + Math.max(0, Math.min(end, to) - Math.max(begin, from)),
        0,
      ),
  };

  const spans = [];
  let owed = 0;
  globalThis.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => {
        owed -= 1;
        if (owed === 0) spans.at(-1)[1] = performance.now();
      });
    }
    postMessage(...given) {
      if (owed === 0) spans.push([performance.now(), Number.POSITIVE_INFINITY]);
      owed += 1;
      super.postMessage(...given);
    }
  };
})();
