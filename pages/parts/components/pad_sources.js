// What a pad can be filled with besides a pen: a picture file, the camera.

const PHOTO_SIDE = 160;
const CAMERA_MS = 200;

/** Draw the middle square of an image or video on a canvas. */
function drawMiddle(canvas, source, width, height) {
  const side = Math.min(width, height);
  const context = canvas.getContext("2d");
  context.drawImage(source, (width - side) / 2, (height - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
}

async function takeFile(state, file) {
  if (!file) return;
  try {
    const picture = await createImageBitmap(file);
    stopCamera(state);
    drawMiddle(state.canvas, picture, picture.width, picture.height);
    picture.close();
    settle(state, "photo");
  } catch {
    complain(state, `${file.name} can't be shown; take a PNG, JPEG, GIF or WEBP picture.`);
  }
}

async function toggleCamera(state) {
  if (state.media) return stopCamera(state);
  try {
    state.media = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return complain(state, "The camera can't be used: the browser has none, or was not allowed to.");
  }
  state.video.srcObject = state.media;
  await state.video.play();
  state.cameraButton.setAttribute("aria-pressed", "true");
  state.cameraTimer = setInterval(() => {
    drawMiddle(state.canvas, state.video, state.video.videoWidth, state.video.videoHeight);
    settle(state, "photo");
  }, CAMERA_MS);
}

function stopCamera(state) {
  clearInterval(state.cameraTimer);
  state.media?.getTracks().forEach((track) => track.stop());
  state.media = null;
  state.cameraButton.setAttribute("aria-pressed", "false");
}

function complain(state, sentence) {
  setText(state.problem, sentence);
  state.problem.hidden = !sentence;
}

/** The bytes that are said: 1 for grey or 2 for colour, then the pixels of a square, row by row. */
function bytesOf(canvas, isPhoto) {
  const side = isPhoto ? PHOTO_SIDE : canvas.width / 2;
  const small = new OffscreenCanvas(side, side);
  const context = small.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  const channels = isPhoto ? 3 : 1;
  const bytes = new Uint8Array(1 + side * side * channels);
  bytes[0] = isPhoto ? 2 : 1;
  for (let i = 0; i < side * side; i += 1) {
    for (let c = 0; c < channels; c += 1) bytes[1 + i * channels + c] = data[4 * i + c];
  }
  return bytes;
}
