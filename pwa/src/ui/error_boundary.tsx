/** When a screen breaks: says what happened, keeps everything, offers the way back. */
import { Component, type ComponentChildren } from "preact";
import { Button } from "./button";
import { Note } from "./parts";

interface Props {
  /** A change of it (the path) tries again. */
  resetKey: string;
  children: ComponentChildren;
}

interface State {
  problem: string | null;
}

/** Catches what its children throw while rendering. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { problem: null };

  static override getDerivedStateFromError(error: unknown): State {
    return { problem: error instanceof Error ? error.name : "Fehler" };
  }

  override componentDidUpdate(before: Props): void {
    if (before.resetKey !== this.props.resetKey && this.state.problem) {
      this.setState({ problem: null });
    }
  }

  override render() {
    if (!this.state.problem) return this.props.children;
    return <Broken problem={this.state.problem} />;
  }
}

// The error's text could quote what a person wrote, so only its kind is shown.
function Broken({ problem }: { problem: string }) {
  return (
    <div class="zz-app">
      <main class="zz-main zz-main--alone" id="inhalt" tabIndex={-1}>
        <div class="zz-title">
          <h1>Dieser Bildschirm lässt sich gerade nicht anzeigen</h1>
        </div>
        <Note tone="ok" title="Nichts ist verloren" alert>
          <p>
            Alles, was Sie gespeichert haben, liegt sicher auf diesem Telefon. Auch begonnene
            Eingaben sind als Entwurf da.
          </p>
        </Note>
        <p class="zz-muted zz-s">Art des Fehlers: {problem}</p>
        <div class="zz-stack">
          <Button kind="primary" icon="sync" onClick={() => location.reload()}>
            Neu laden
          </Button>
          <Button kind="secondary" icon="home" onClick={() => location.assign("/heute")}>
            Zu Heute
          </Button>
        </div>
      </main>
    </div>
  );
}
