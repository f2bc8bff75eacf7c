// Short news for everybody, seen and heard: "sent", with a way back where there is one.
import { store } from "../store";
import { say } from "../words/say";

interface News {
  text: string;
  undo?: () => void;
  away?: () => void; // it was put away, and not undone
}

const news = store<News | null>(null);
let timer = 0;
const SHOWN = 8_000; // ms; what can be undone stays until it is put away

export function announce(text: string, undo?: () => void, away?: () => void): void {
  window.clearTimeout(timer);
  news.set({ text, undo, away });
  if (!undo) timer = window.setTimeout(() => news.set(null), SHOWN);
}

export function Announcements() {
  const now = news.use();
  const away = () => news.set(null);
  return (
    <div class="toasts noprint" role="status">
      {now && (
        <div class="toast">
          <span dir="auto">{now.text}</span>
          {now.undo && <button type="button" class="button small" onClick={() => { away(); now.undo!(); }}>{say("part.undo")}</button>}
          <button type="button" class="button small" aria-label={say("part.put_away")} onClick={() => { away(); now.away?.(); }}>✕</button>
        </div>
      )}
    </div>
  );
}
