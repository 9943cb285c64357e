"use strict";
// Data lies in the page as base64 of gzip of JSON; a block is unpacked when it is first needed.
const unpacked = new Map();
function unpack(id) {
  if (!unpacked.has(id)) {
    const element = document.getElementById(id);
    unpacked.set(id, element ? inflate(element.textContent) : Promise.resolve(null));
  }
  return unpacked.get(id);
}
async function inflate(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}
// An element with attributes, texts and children; text is never read as HTML.
function el(name, attributes, ...children) {
  const svg = ["svg", "path", "line", "circle", "rect", "text", "g", "title", "polygon"].includes(name);
  const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== ""));
  return made;
}
const round = (value, digits = 2) => String(Number(value.toFixed(digits)));
const percent = (value) => (value <= 0 ? "0" : value < 0.01 ? "<1" : value > 0.99 && value < 1 ? ">99" : Math.round(100 * value)) + " %";
const grouped = (value) => value.toString().replace(/\B(?=(\d{3})+$)/g, "\u202f");
const plural = (count, word) => `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;
