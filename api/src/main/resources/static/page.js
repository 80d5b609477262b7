'use strict';
// What the scripts of the demo's page share: calls of the API, elements and lists, and what is told.

const $ = id => document.getElementById(id);

async function call(path, options) {
  const response = await fetch(path, { cache: 'no-store', ...options })
    .catch(() => { throw new Error('The server does not answer.'); });
  // A proxy's own errors are pages.
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) {
    throw new Error(body?.detail || `${path.split('?')[0]} was answered with status ${response.status} and no explanation.`);
  }
  return { body, headers: response.headers };
}

function post(path, body, headers = {}) {
  return call(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body)
  });
}

// What failed may have been recorded: pressed again, it goes under the same key, by which it counts once. Pressed again
// before it is answered, it is one more, with a key of its own.
const keys = new Map();

async function postOnce(path, body) {
  const what = path + JSON.stringify(body);
  const key = keys.get(what) ?? `${Date.now()}-${Math.random()}`;
  keys.delete(what);
  return post(path, body, { 'Idempotency-Key': key }).catch(error => { keys.set(what, key); throw error; });
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// A name that is written from right to left leaves what stands around it where it is.
const isolated = name => element('bdi', {}, name);
// The same where no element can stand: in notices, titles and tooltips.
const isolatedText = name => `\u2068${name}\u2069`;

// New rows take the focus from the old ones. Whoever works by keyboard goes on at the same control of the same row or, when
// the row has it no more, at the row itself.
function fill(list, rows, none) {
  const focused = document.activeElement;
  const old = focused.closest(`#${list} li`);
  $(list).replaceChildren(...rows.length ? rows : [element('li', {}, element('small', {}, none))]);
  const row = old && $(old.id);
  if (row) (row.querySelector(`[name="${focused.name}"]`) ?? row).focus();
}

let isFailureTold = false;
function tell(text, isFailure = false) {
  // Whatever is written to it, or to the status, is read out.
  if ($('notice').textContent !== text) $('notice').textContent = text;
  isFailureTold = isFailure;
}

// A failure is told until something else is tried.
async function guarded(work) {
  if (isFailureTold) tell('');
  try { await work(); } catch (error) { tell(error.message, true); }
}

// What came of a press stays told when the lists cannot be drawn anew; that failure is told behind it.
async function redrawAfter(told, redraw) {
  try {
    return await redraw();
  } catch (error) {
    throw error.message === told ? error : new Error(`${told.replace(/[^.]$/, '$&.')} ${error.message}`.trim());
  }
}

// A part of the page shows the answer to what was asked last, whichever comes last. What is overtaken has none, and cannot
// fail.
const asked = { health: 0, people: 0, venues: 0, companions: 0, plans: 0 };
async function ask(part, question) {
  const mine = ++asked[part];
  try {
    const answer = await question();
    return mine === asked[part] ? answer : null;
  } catch (error) {
    if (mine === asked[part]) throw error;
    return null;
  }
}
