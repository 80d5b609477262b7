'use strict';
// The page of the demo: pick a person, see where to go and with whom, like a venue, recompute, see what moved.

const $ = id => document.getElementById(id);
const PARTS = ['spatial', 'preference', 'popularity'];
// The default profile, by which venues are scored until a run has recorded its own.
const UNRECORDED = { spatial_weight: 0.4, preference_weight: 0.4, popularity_weight: 0.2, preference_cap: 1 };
const profiles = new Map([['none', UNRECORDED]]);
const state = { person: null, first: null, venues: [], profile: UNRECORDED, chosen: null, before: new Map() };

async function call(path, options) {
  const response = await fetch(path, { cache: 'no-store', ...options });
  const body = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(body.detail || response.statusText);
  return { body, headers: response.headers };
}

function post(path, body) {
  return call(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function drawn(name, attributes, text) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function tell(text, ...more) {
  $('notice').replaceChildren(text, ...more);
}

async function guarded(work) {
  try { await work(); } catch (error) { tell(error.message); }
}

async function showHealth() {
  const { body } = await call('/health');
  const run = body.published_run;
  $('status').textContent = run
    ? `Run ${run.id}, computed from the data of ${new Date(run.snapshot_at).toLocaleString()}`
    : 'No run published yet: every answer is computed live';
}

let searches = 0;
async function search() {
  const mine = ++searches;
  const { body } = await call('/users?limit=12&q=' + encodeURIComponent($('search').value.trim()));
  if (mine !== searches) return;
  $('people').replaceChildren(...body.map(user => {
    const button = element('button', { type: 'button', onclick: () => guarded(() => show(user)) },
      user.name, ' ', element('small', {}, '@' + user.handle));
    button.dataset.id = user.id;
    return element('li', {}, button);
  }));
  mark();
  if (!body.length) $('people').append(element('li', {}, element('small', {}, 'Nobody by that name')));
  return body;
}

function mark() {
  for (const button of $('people').querySelectorAll('button')) {
    button.setAttribute('aria-current', String(state.person !== null && button.dataset.id === state.person.id));
  }
}

async function show(user) {
  if (!state.person || state.person.id !== user.id) state.before = new Map();
  state.person = user;
  state.chosen = null;
  history.replaceState(null, '', '#' + user.id);
  mark();
  await Promise.all([showVenues(), showCompanions()]);
}

// What a run scored by, and what is scored live while it is published.
async function profileOf(run) {
  if (!profiles.has(run)) profiles.set(run, (await call('/runs/' + run)).body.profile);
  return profiles.get(run);
}

async function showVenues() {
  const person = state.person;
  const { body, headers } = await call(`/reco/venues/${person.id}?limit=10`);
  const profile = await profileOf(headers.get('Luna-Run'));
  if (state.person !== person) return;
  state.venues = body;
  state.profile = profile;
  $('where').textContent = `Where ${person.name} should go`;
  $('source').textContent = headers.get('Luna-Source') === 'run'
    ? `Stored by run ${headers.get('Luna-Run')}, read by key.`
    : 'Computed live for this question.';
  showRows(body);
  await drawMap(person, body);
}

function showRows(venues) {
  // New rows take the focus from the old ones; whoever works by keyboard goes on at the same venue.
  const focused = document.activeElement;
  const item = focused.closest('#venues li');
  $('venues').replaceChildren(...venues.map(venueRow));
  if (item) $(item.id)?.querySelector(focused.classList.contains('like') ? '.like' : '.row').focus();
}

function venueRow(venue) {
  const { profile } = state;
  // A full bar is the best score there can be.
  const best = profile.spatial_weight + profile.preference_weight * profile.preference_cap + profile.popularity_weight;
  const bar = element('span', { className: 'bar' });
  for (const part of PARTS) {
    const share = element('span', { className: part });
    share.style.width = best ? 100 * profile[part + '_weight'] * venue[part + '_score'] / best + '%' : 0;
    bar.append(share);
  }
  bar.title = PARTS.map(part => `${part} ${venue[part + '_score'].toFixed(3)}`).join(', ');
  const facts = [venue.category, venue.distance_km === null ? null : venue.distance_km.toFixed(2) + '\u00a0km'];
  const name = element('span', { className: 'name' }, venue.venue_name,
    element('small', {}, facts.filter(fact => fact).join(' · '), moved(venue)));
  const row = element('button', {
    type: 'button', className: 'row', onclick: () => guarded(() => choose(venue))
  }, element('span', { className: 'rank' }, String(venue.rank)), name, bar,
    element('span', { className: 'score' }, venue.score.toFixed(3)));
  row.dataset.venue = venue.venue_id;
  row.setAttribute('aria-pressed', String(state.chosen === venue.venue_id));
  const like = element('button', { type: 'button', className: 'like', onclick: () => guarded(() => likeVenue(venue)) }, '♥');
  like.setAttribute('aria-label', `${state.person.name} likes ${venue.venue_name}`);
  return element('li', { id: 'venue-' + venue.venue_id }, row, like);
}

function moved(venue) {
  if (!state.before.size) return '';
  const before = state.before.get(venue.venue_id);
  if (before === venue.rank) return '';
  const text = before === undefined ? ' new' : before > venue.rank ? ` ▲ from ${before}` : ` ▼ from ${before}`;
  return element('span', { className: 'moved' }, text);
}

async function choose(venue) {
  state.chosen = state.chosen === venue.venue_id ? null : venue.venue_id;
  for (const row of document.querySelectorAll('[data-venue]')) {
    const chosen = row.dataset.venue === state.chosen;
    if (row.classList.contains('row')) row.setAttribute('aria-pressed', String(chosen));
    else row.classList.toggle('chosen', chosen);
  }
  await showCompanions();
}

async function showCompanions() {
  const { person, chosen } = state;
  const { body } = await call(`/reco/people/${person.id}?limit=8` + (chosen ? `&venue_id=${chosen}` : ''));
  if (state.person !== person || state.chosen !== chosen) return;
  const venue = state.venues.find(other => other.venue_id === chosen);
  $('occasion').textContent = venue ? `At ${venue.venue_name}` : 'In general; choose a venue to ask for it.';
  $('companions').replaceChildren(...body.map(friend => element('li', {},
    element('span', { className: 'rank' }, String(friend.rank)), friend.name,
    element('span', { className: 'score' }, friend.score.toFixed(3)))));
  if (!body.length) $('companions').append(element('li', {}, element('small', {}, 'No friends yet')));
}

async function drawMap(person, ranked) {
  const map = $('map');
  map.replaceChildren($('map-title') || drawn('title', { id: 'map-title' }));
  if (!ranked.length) return;
  const first = person.home_lat === null ? (await call('/venues/' + ranked[0].venue_id)).body : null;
  const centre = first ? [first.lat, first.lng] : [person.home_lat, person.home_lng];
  const around = (await call(`/venues?near=${centre.map(x => x.toFixed(7)).join(',')}&limit=1000`)).body;
  const placed = new Map(around.map(venue => [venue.id, venue]));
  await Promise.all(ranked.filter(venue => !placed.has(venue.venue_id)).map(async venue => {
    placed.set(venue.venue_id, (await call('/venues/' + venue.venue_id)).body);
  }));
  if (state.person !== person) return;
  const kmPerDegree = 111.195, squeeze = Math.cos(centre[0] * Math.PI / 180);
  const km = venue => [(((venue.lng - centre[1] + 540) % 360) - 180) * kmPerDegree * squeeze,
    (centre[0] - venue.lat) * kmPerDegree];
  const reach = Math.max(0.3, ...ranked.map(venue => {
    const [x, y] = km(placed.get(venue.venue_id));
    return Math.max(Math.abs(x) / 90, Math.abs(y) / 60) * 60;
  }));
  const unit = 60 / (reach * 1.05);
  const step = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100, 500, 1000, 5000].find(length => length * unit > 18) || 10000;
  // The map ends at 70, and a ring's label stands above it.
  for (let ring = 1; ring * step * unit < 64; ring++) {
    map.append(drawn('circle', { class: 'ring', r: ring * step * unit }),
      drawn('text', { class: 'scale', y: -ring * step * unit - 2.5 }, `${+(ring * step).toFixed(2)} km`));
  }
  for (const venue of around) {
    const [x, y] = km(venue);
    map.append(drawn('circle', { class: 'all', cx: x * unit, cy: y * unit, r: 1 }));
  }
  if (!first) map.append(drawn('path', { class: 'home', d: 'M-4 0 0-4.5 4 0H3v4h-6V0z' }));
  for (const venue of [...ranked].reverse()) {
    const [x, y] = km(placed.get(venue.venue_id));
    const group = drawn('g', { class: 'venue', transform: `translate(${x * unit} ${y * unit})` });
    group.dataset.venue = venue.venue_id;
    group.classList.toggle('chosen', venue.venue_id === state.chosen);
    group.append(drawn('title', {}, `${venue.rank}. ${venue.venue_name}`), drawn('circle', { r: 4.2 }),
      drawn('text', {}, venue.rank));
    group.addEventListener('click', () => guarded(() => choose(venue)));
    map.append(group);
  }
}

async function likeVenue(venue) {
  const person = state.person;
  await post(`/venues/${venue.venue_id}/interactions`, { user_id: person.id, interaction_type: 'like', dwell_time: 60 });
  state.before = new Map(state.venues.map(other => [other.venue_id, other.rank]));
  tell(`Noted: ${person.name} likes ${venue.venue_name}.`);
  const scoreBefore = state.venues.map(other => other.score).join();
  await showVenues();
  if (state.venues.map(other => other.score).join() === scoreBefore) {
    tell(`Noted: ${person.name} likes ${venue.venue_name}. The next run counts it.`,
      element('button', { type: 'button', onclick: () => guarded(recompute) }, 'Recompute now'));
  }
}

async function recompute() {
  let run = (await post('/runs', { kind: 'full' })).body;
  while (run.state === 'running') {
    tell(run.sentence);
    await new Promise(resolve => setTimeout(resolve, 400));
    run = (await call('/runs/' + run.id)).body;
  }
  tell(run.sentence);
  await Promise.all([showHealth(), showVenues(), showCompanions()]);
}

let typing;
$('search').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => guarded(search), 150);
});

// Shows whom the address names, or the first person when it names nobody.
async function showLinked() {
  const wanted = location.hash.slice(1);
  let user = state.first;
  tell('');
  if (wanted) {
    try {
      ({ body: user } = await call('/users/' + encodeURIComponent(wanted)));
    } catch (error) {
      tell(error.message);
    }
    if (location.hash.slice(1) !== wanted) return;
  }
  if (user) await show(user);
  else if (!wanted) tell('There are no people yet. `luna demo` makes a city to look at; `luna import DIR` brings your own.');
}

window.addEventListener('hashchange', () => guarded(showLinked));

guarded(async () => {
  const [, people] = await Promise.all([showHealth(), search()]);
  state.first = people[0];
  await showLinked();
});
