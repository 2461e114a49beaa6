// The camera reads a label: by the browser's own reader where there is one, else by ours in wasm.
// Nothing of a picture leaves the phone.

const LOOK_MS = 150;
const WASM = "/static/vendor/zxing_reader.wasm";

/** @typedef {{detect: (source: HTMLVideoElement) => Promise<{rawValue: string}[]>}} Reader */

/** @returns {Promise<Reader>} */
async function reader() {
  const own = /** @type {any} */ (globalThis).BarcodeDetector;
  const formats = ["qr_code"];
  if ((await own?.getSupportedFormats?.())?.includes("qr_code")) return new own({ formats });
  const { BarcodeDetector, prepareZXingModule } = await import("/static/vendor/barcode-detector.js");
  prepareZXingModule({ overrides: { locateFile: () => WASM } });
  return new BarcodeDetector({ formats: ["qr_code"] });
}

/** One look after the other through one camera, until a code was seen or it is put away. */
export class Camera {
  /** @param {HTMLVideoElement} video @param {(text: string) => void} seen */
  constructor(video, seen) {
    this.video = video;
    this.seen = seen;
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    this.lit = false;
    this.timer = 0;
  }

  /** Open the camera at the back; throws what the browser says against it. */
  async start() {
    const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    this.track = stream.getVideoTracks()[0];
    this.video.srcObject = stream;
    await this.video.play();
    const found = await reader();
    const look = async () => {
      const codes = await found.detect(this.video).catch(() => []);
      if (!this.track) return;
      if (codes.length) this.seen(codes[0].rawValue);
      if (this.track) this.timer = window.setTimeout(look, LOOK_MS);
    };
    void look();
  }

  get hasTorch() {
    return Boolean(/** @type {any} */ (this.track?.getCapabilities?.())?.torch);
  }

  /** Turn the lamp on or off; tells whether it is lit. */
  async toggleTorch() {
    this.lit = !this.lit;
    await this.track?.applyConstraints(/** @type {any} */ ({ advanced: [{ torch: this.lit }] }));
    return this.lit;
  }

  stop() {
    clearTimeout(this.timer);
    this.track?.stop();
    this.track = null;
    this.video.srcObject = null;
  }
}
