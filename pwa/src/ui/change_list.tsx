/** The changes of an entry, newest first, once they were asked for. */
import { useEffect, useRef } from "preact/hooks";
import type { Change } from "./changes";
import { formatMoment } from "./dates";

/** Takes the focus: the button that asked for it is gone. */
export function ChangeList({ changes, now }: { changes: Change[]; now: number }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that asked for it is gone: whoever came by keyboard goes on here.
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="zz-sec" aria-label="Verlauf der Änderungen">
      <h2 ref={heading} tabIndex={-1}>
        Verlauf der Änderungen
      </h2>
      <ol class="zz-card">
        {changes.map((change, index) => (
          <li key={index}>
            <div class="zz-item">
              <span class="zz-item__t">
                <small class="zz-num">
                  {formatMoment(change.at, now)} · {change.who}
                </small>
                {change.created && <b>Angelegt</b>}
                {change.lines.map((line) => (
                  <span key={line.what} class="zz-s zz-pre">
                    <b>{line.what}:</b> {line.before}{" "}
                    {line.before === line.value ? (
                      "(diese Fassung übernommen)"
                    ) : (
                      <>
                        <span class="zz-vh">geändert in</span>
                        <span aria-hidden="true">→</span> {line.value}
                      </>
                    )}
                  </span>
                ))}
              </span>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
