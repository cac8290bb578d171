/* The camera of the scanning page reads a code and sends the form. Without this file a code is typed, or comes from a
   reader on a cable. */
const OPEN = "pindai:buka";
const LAST = "pindai:lalu";
const LARGEST = 800;
// So long nothing may be seen before the same code counts as shown again.
const GONE_AFTER = 1500;

const form = document.querySelector("[data-scan]");
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Which code was read last is known by this number alone: what opens a registration stays on no telephone.
const trace = (text) => String([...text].reduce((sum, sign) => (Math.imul(sum, 31) + sign.codePointAt(0)) | 0, 7));

async function reader() {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  const { decodeQR } = await import("./qr/decode.js");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    const scale = Math.min(1, LARGEST / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
  };
}

async function look(video, read) {
  let last = sessionStorage.getItem(LAST);
  let seen = Date.now();
  for (;;) {
    await pause(250);
    let text = "";
    try {
      text = (await read(video)) ?? "";
    } catch {
      // No code in this picture.
    }
    // A code that is still held before the camera was sent already.
    if (text && trace(text) !== last) return text;
    if (text) seen = Date.now();
    else if (last && Date.now() - seen > GONE_AFTER) {
      last = null;
      video.removeAttribute("data-sent");
      sessionStorage.removeItem(LAST);
    }
  }
}

async function open() {
  const video = form.querySelector("[data-camera]");
  const start = form.querySelector("[data-start]");
  try {
    const read = await reader();
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    // What is before the camera may be the code of whom was just written down.
    video.toggleAttribute("data-sent", sessionStorage.getItem(LAST) !== null);
    video.hidden = false;
    start.hidden = true;
    await video.play();
    sessionStorage.setItem(OPEN, "1");
    const text = await look(video, read);
    sessionStorage.setItem(LAST, trace(text));
    form.querySelector("[name=kode]").value = text;
    form.requestSubmit();
  } catch {
    video.hidden = true;
    start.hidden = false;
    form.querySelector("[data-nocamera]").hidden = false;
    sessionStorage.removeItem(OPEN);
  }
}

if (form && navigator.mediaDevices) {
  const start = form.querySelector("[data-start]");
  start.hidden = false;
  start.addEventListener("click", open);
  // From one person to the next without a tap.
  if (sessionStorage.getItem(OPEN)) open();
}
document.querySelector("#periksa")?.focus();
