/** Messages of a video socket; the layout is that of WireFormat on the server. */
export const INIT = 1;
export const PICTURE = 2;

export function parse(buffer) {
  const view = new DataView(buffer);
  const kind = view.getUint8(0);
  const body = new Uint8Array(buffer, view.getUint16(2));
  if (kind !== PICTURE) {
    return { kind, body };
  }
  return {
    kind,
    body,
    keyFrame: (view.getUint8(1) & 1) === 1,
    sequence: view.getUint32(4),
    captureMs: view.getFloat64(8),
    mediaS: view.getFloat64(16) / 1000,
    sentMs: view.getFloat64(24),
  };
}

/** The codec name of an initialisation segment, from its avcC box: "avc1.42c01f". */
export function codecOf(init) {
  for (let i = 4; i + 8 <= init.length; i++) {
    if (init[i] === 0x61 && init[i + 1] === 0x76 && init[i + 2] === 0x63 && init[i + 3] === 0x43) {
      const hex = (at) => init[at].toString(16).padStart(2, '0');
      return `avc1.${hex(i + 5)}${hex(i + 6)}${hex(i + 7)}`;
    }
  }
  return null;
}
