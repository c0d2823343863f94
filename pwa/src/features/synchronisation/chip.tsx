/** The chip of the header: what is safe and what is not, fed by the server's verdicts. */
import { status } from "../../platform/sync_loop";
import { Icon } from "../../ui/icons";
import { chipState } from "./model";

/** A link to Synchronisierung; its words are a live status. */
export function SyncChip({ onOpen }: { onOpen?: (() => void) | undefined }) {
  const { text, icon, tone } = chipState(status.value);
  return (
    // A status gives a link no name of its own, so the link says its words itself.
    <a
      class={`zz-sync zz-sync--${tone}`}
      href="/synchronisierung"
      aria-label={text}
      onClick={onOpen}
    >
      <Icon name={icon} small />
      <span role="status">{text}</span>
    </a>
  );
}
