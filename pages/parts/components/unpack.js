// Unpacks the payload of packing.py.

/** Payload of packing.pack → {meta, arrays: {name: {data: TypedArray, shape: number[]}}}. */
function unpack(payload) {
  const bytes = payload instanceof Uint8Array ? payload : new Uint8Array(payload);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + headerLength)));
  const body = bytes.slice(4 + headerLength).buffer; // a copy starts aligned
  const kinds = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array };
  const arrays = {};
  for (const [name, { dtype, shape, offset }] of Object.entries(header.arrays)) {
    const length = shape.reduce((product, side) => product * side, 1);
    arrays[name] = { data: new kinds[dtype](body, offset, length), shape };
  }
  return { meta: header.meta, arrays };
}
