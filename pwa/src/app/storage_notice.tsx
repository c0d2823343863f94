/** Said before it is too late: soon nothing more can be saved on this phone. */
import { storageShort } from "../platform/storage";
import { Note } from "../ui/parts";

/** Nothing while there is room. */
export function StorageNotice() {
  if (!storageShort.value) return null;
  return (
    <Note tone="wait" title="Der Speicher dieses Telefons wird knapp" alert>
      Bitte schaffen Sie Platz, solange noch etwas hineinpasst. Was hier liegt, bleibt erhalten.
    </Note>
  );
}
