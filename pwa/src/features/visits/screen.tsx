/** The screens of a contact: a new one, one to read, one to change. */
import { useLocation } from "preact-iso";
import { toLocalInput } from "../../ui/dates";
import { TaskScreen } from "../../ui/frame";
import { lazyScreen } from "../../ui/lazy_screen";
import { Empty, Loading } from "../../ui/parts";
import { openedFrom } from "../../ui/way_back";
import { ContactFormScreen } from "./contact_form";
import { ContactView } from "./contact_view";
import { asideKey, contactKey, newKey, plannedKey } from "./draft_keys";
import { blankContact, contactForm, plannedForm } from "./form";
import { type Contact, isPlanned } from "./model";
import { newContactDraft, readContact } from "./store";

const NoteContact = lazyScreen(async () => (await import("./pages")).NoteContact);

/**
 * /kontakt, /kontakt?fall=<id>, for a draft laid aside /kontakt?entwurf=<id>, for what came of
 * a planned visit /kontakt?besuch=<id>, and for a quick note /kontakt?notiz=<id>
 */
export function NewContactScreen() {
  const { fall, besuch, entwurf, notiz } = useLocation().query;
  if (notiz !== undefined) return <NoteContact key={notiz} id={notiz} />;
  if (besuch === undefined)
    return <NewContact key={entwurf} caseId={fall ?? null} aside={entwurf} />;
  return <WithContact id={besuch} show={(contact) => <PlannedContact contact={contact} />} />;
}

function PlannedContact({ contact }: { contact: Contact }) {
  const open = isPlanned(contact);
  return (
    <ContactFormScreen
      key={contact.id}
      name="Kontakt festhalten"
      edits={!open}
      draftKey={plannedKey(contact.id)}
      back={openedFrom("/heute")}
      blank={() => ({
        id: contact.id,
        form: open ? plannedForm(contact, toLocalInput(Date.now())) : contactForm(contact),
        before: contactForm(contact),
        base: contact.base,
      })}
    />
  );
}

interface NewContactProps {
  caseId: string | null;
  /** The id a contact will have whose draft was laid aside. */
  aside: string | undefined;
}

function NewContact({ caseId, aside }: NewContactProps) {
  return (
    <ContactFormScreen
      key={caseId}
      name="Kontakt festhalten"
      draftKey={aside === undefined ? newKey(caseId) : asideKey(aside)}
      aside={aside !== undefined}
      back={openedFrom(caseId === null ? "/heute" : `/faelle/${caseId}`)}
      blank={() => newContactDraft(blankContact(toLocalInput(Date.now()), caseId))}
    />
  );
}

/** /kontakt/:id */
export function ContactScreen({ id = "" }: { id?: string }) {
  return <WithContact id={id} show={(contact) => <ContactView contact={contact} />} />;
}

/** /kontakt/:id/bearbeiten */
export function EditContactScreen({ id = "" }: { id?: string }) {
  return <WithContact id={id} show={(contact) => <EditContact contact={contact} />} />;
}

function EditContact({ contact }: { contact: Contact }) {
  return (
    <ContactFormScreen
      key={contact.id}
      name="Kontakt bearbeiten"
      edits
      draftKey={contactKey(contact.id)}
      back={`/kontakt/${contact.id}`}
      blank={() => ({
        id: contact.id,
        form: contactForm(contact),
        before: contactForm(contact),
        base: contact.base,
      })}
    />
  );
}

interface WithContactProps {
  id: string;
  show: (contact: Contact) => preact.JSX.Element;
}

function WithContact({ id, show }: WithContactProps) {
  const contact = readContact(id);
  if (contact) return show(contact);
  return (
    <TaskScreen name="Kontakt" back="/faelle">
      {contact === null ? (
        <Loading />
      ) : (
        <Empty icon="search" title="Diesen Kontakt gibt es nicht auf diesem Telefon">
          <p class="zz-muted">Er wurde gelöscht oder ist noch nicht angekommen.</p>
        </Empty>
      )}
    </TaskScreen>
  );
}
