// The page on which a room is counted: camera, photograph or typing, one queue, one answer at a time.
// Scans are kept in this browser until the controller has answered for them. Each has a key of its own, so one
// that is sent twice counts once. Without this file a person types the tag, and the page loads anew.
"use strict";

const scanner = document.querySelector("[data-count]");
const find = (name) => scanner.querySelector(`[data-${name}]`);
const [eye, video, box, head, say] = ["eye", "video", "said", "head", "say"].map(find);
const [queueLine, cameraButton, cameraText, photo, form] =
  ["queue", "camera", "camera-text", "photo", "type"].map(find);
const lists = document.querySelector("[data-lists-here]");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;

const SAME_AGAIN_MS = 4000;   // a label stays in view for a moment after it was read
const LOOK_MS = 120;
const POLL_MS = 15000;        // what somebody else scanned meanwhile
const LONGEST_WAIT_MS = 30000;
const PHOTO_SIDE = 1600;

const newKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(12));  // randomUUID needs a secure page
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

// --- What is said: text, colour, a tone and a buzz ---------------------------------------------

let sounds = null;
const NOTES = { good: [880], warn: [440, 440], bad: [220, 180], grey: [330] };

const sound = (tone) => {
  if (!sounds) return;
  NOTES[tone].forEach((pitch, index) => {
    const note = sounds.createOscillator(), volume = sounds.createGain();
    const from = sounds.currentTime + index * 0.14;
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0.15, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + 0.12);
    note.connect(volume).connect(sounds.destination);
    note.start(from);
    note.stop(from + 0.13);
  });
};

const tell = (tone, title, text, quietly) => {
  box.dataset.tone = tone;
  head.textContent = title;
  say.textContent = text;
  if (quietly) return;
  sound(tone);
  if (navigator.vibrate) navigator.vibrate(tone === "good" ? 60 : [60, 80, 60]);
};

const wake = () => {  // browsers play nothing before a person touched the page
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!sounds && Context) sounds = new Context();
};

// --- The queue -------------------------------------------------------------------------------

const PLACE = `caretaker-count-${scanner.dataset.count}`;
let queue = [], sending = false, wait = 1000, timer = 0;
try {
  const kept = JSON.parse(localStorage.getItem(PLACE) || "[]");
  if (Array.isArray(kept)) queue = kept;
} catch { queue = []; }

const keep = () => {
  try { localStorage.setItem(PLACE, JSON.stringify(queue)); } catch { /* full or forbidden: it stays on the page */ }
  queueLine.hidden = queue.length === 0;
  const many = queue.length === 1 ? "1 scan is" : `${queue.length} scans are`;
  queueLine.textContent = `${many} not sent yet. Leave this page open; it is tried again by itself.`;
};

const count = (text, how) => {
  queue.push({ key: newKey(), text: text.slice(0, 500), how });
  keep();
  if (!navigator.onLine) tell("grey", "Kept", "There is no network just now; it is sent when there is.");
  send();
};

const post = (address, fields) => fetch(address, {
  method: "POST",
  headers: { Accept: "application/json" },
  redirect: "manual",
  body: new URLSearchParams({ csrfmiddlewaretoken: token, ...fields }),
  signal: AbortSignal.timeout(20000),
});

const later = () => {
  keep();
  clearTimeout(timer);
  timer = setTimeout(send, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
};

async function send() {
  if (sending || !queue.length) return;
  sending = true;
  try {
    while (queue.length) {
      const answer = await post(form.action, queue[0]);
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        tell("bad", "Signed out", "Load the page again and sign in; nothing that you scanned is lost.");
        return;
      }
      if (answer.status >= 500 || answer.status === 429) throw new Error("busy");
      const told = await answer.json();
      queue.shift();
      keep();
      wait = 1000;
      tell(told.tone, told.head, told.say);
    }
    refresh();
  } catch {
    if (queue.length) tell("grey", "Kept", "The network does not answer; it is sent again by itself.", true);
    later();
  } finally {
    sending = false;
  }
}

addEventListener("online", () => { wait = 1000; send(); });

// --- What the room comes to so far --------------------------------------------------------------

let latest = 0;
async function refresh() {
  const mine = ++latest;
  try {
    const answer = await fetch(scanner.dataset.lists, { redirect: "manual", signal: AbortSignal.timeout(20000) });
    if (!answer.ok || mine !== latest) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (lists.contains(document.activeElement)) {
      if (document.activeElement.matches("input, select")) return;
    }
    const held = document.activeElement?.closest?.("li")?.id;
    lists.replaceChildren(...page.body.childNodes);
    if (held) document.getElementById(held)?.querySelector("button, a")?.focus();
  } catch { /* shown again next time */ }
}
setInterval(() => { if (!document.hidden && !sending) refresh(); }, POLL_MS);

lists.addEventListener("submit", async (event) => {
  const tapped = event.target;
  if (!tapped.matches("[data-tap]")) return;
  event.preventDefault();
  wake();
  const fields = Object.fromEntries(new FormData(tapped));
  if (event.submitter?.name) fields[event.submitter.name] = event.submitter.value;
  try {
    const answer = await post(tapped.action, fields);
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      tell("bad", "Signed out", "Load the page again and sign in.");
    } else if (!answer.ok) {
      const told = await answer.json();
      tell(told.tone, told.head, told.say);
    } else {
      await refresh();
      tell("good", "Noted", event.submitter?.textContent.trim() || "");
    }
  } catch {
    tell("bad", "Not noted", "The network does not answer. Tap it again in a moment.");
  }
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  wake();
  const field = form.elements.namedItem("text");
  if (!field.value.trim()) return;
  count(field.value, "typed");
  field.value = "";
});

// --- Reading codes -----------------------------------------------------------------------------

// Labels carry these. The bars of a product's box are no tag, and are left alone.
const { BarcodeFormat, DecodeHintType } = ZXing;
const BARS = [BarcodeFormat.CODE_128, BarcodeFormat.CODE_39, BarcodeFormat.CODE_93];
const SURE = new Set([BarcodeFormat.QR_CODE, BarcodeFormat.DATA_MATRIX]);  // these correct themselves

const readers = (thorough) => {  // one by one: the library's own reader of everything fills the console
  const hints = new Map([[DecodeHintType.POSSIBLE_FORMATS, BARS]]);
  if (thorough) hints.set(DecodeHintType.TRY_HARDER, true);
  return [new ZXing.QRCodeReader(), new ZXing.MultiFormatOneDReader(hints), new ZXing.DataMatrixReader()]
    .map((one) => (picture) => one.decode(picture, hints));
};

const read = (canvas, those) => {
  const light = new ZXing.HTMLCanvasElementLuminanceSource(canvas);
  const picture = new ZXing.BinaryBitmap(new ZXing.HybridBinarizer(light));
  for (const one of those) {
    try {
      return one(picture);
    } catch { /* no such code in this picture */ }
  }
  return null;
};

let last = { text: "", at: 0 }, doubtful = "";
const seen = (result) => {
  const text = result.getText(), now = Date.now();
  if (!SURE.has(result.getBarcodeFormat()) && doubtful !== text) {  // bars are read twice before they count
    doubtful = text;
    return;
  }
  const again = text === last.text && now - last.at < SAME_AGAIN_MS;
  last = { text, at: now };
  if (!again) count(text, "camera");
};

// --- The camera --------------------------------------------------------------------------------

let stream = null, looking = 0;
const canvas = document.createElement("canvas");
const pencil = canvas.getContext("2d", { willReadFrequently: true });
const eager = readers(false);

const look = () => {
  if (!stream) return;
  if (video.videoWidth && !document.hidden) {
    const [wide, high] = [video.videoWidth, video.videoHeight];
    const [w, h] = [Math.round(wide * 0.84), Math.round(high * 0.84)];
    canvas.width = w;
    canvas.height = h;
    pencil.drawImage(video, (wide - w) / 2, (high - h) / 2, w, h, 0, 0, w, h);
    const result = read(canvas, eager);
    if (result) seen(result);
  }
  looking = setTimeout(look, LOOK_MS);
};

const noCamera = (why) => {
  close();
  cameraButton.hidden = true;
  tell("grey", "No camera here", `${why} Take a photograph of the label instead, or type its tag.`, true);
};

const close = () => {
  clearTimeout(looking);
  if (stream) stream.getTracks().forEach((track) => track.stop());
  stream = null;
  eye.hidden = true;
  cameraText.textContent = "Camera";
  cameraButton.setAttribute("aria-pressed", "false");
};

const open = async () => {
  if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) {
    noCamera("This browser lends its camera only to a trusted address.");
    return;
  }
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (error) {
    noCamera(error.name === "NotAllowedError" ? "The camera was not allowed." : "No camera can be used.");
    return;
  }
  video.srcObject = stream;
  eye.hidden = false;
  cameraText.textContent = "Stop";
  cameraButton.setAttribute("aria-pressed", "true");
  await video.play().catch(() => {});
  tell("grey", "Looking", "Hold a label into the frame.", true);
  look();
};

cameraButton.addEventListener("click", () => { wake(); if (stream) close(); else open(); });
addEventListener("pagehide", close);

// --- A photograph, where there is no camera for pages -------------------------------------------

const turned = (picture, side, quarter) => {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const [w, h] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const paper = document.createElement("canvas");
  [paper.width, paper.height] = quarter ? [h, w] : [w, h];
  const ink = paper.getContext("2d");
  if (quarter) { ink.translate(h, 0); ink.rotate(Math.PI / 2); }
  ink.drawImage(picture, 0, 0, w, h);
  return paper;
};

photo.addEventListener("change", async () => {
  wake();
  const file = photo.files[0];
  if (!file) return;
  tell("grey", "Reading", "The photograph is read on this phone; it is not sent anywhere.", true);
  const thorough = readers(true);
  let result = null;
  try {
    const picture = await createImageBitmap(file);
    for (const side of [PHOTO_SIDE, PHOTO_SIDE / 2, PHOTO_SIDE / 4]) {
      for (const quarter of [false, true]) {
        result = result || read(turned(picture, side, quarter), thorough);
      }
    }
    picture.close();
  } catch { /* no picture */ }
  photo.value = "";
  if (result) count(result.getText(), "photo");
  else tell("bad", "Nothing was read", "Go closer, so that the label fills the picture, or type its tag.");
});

find("buttons").hidden = false;
keep();
send();
