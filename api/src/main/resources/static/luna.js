'use strict';
// The page of the demo: pick a person, see where to go, why and with whom, like a venue, recompute, see what moved.

const PARTS = ['spatial', 'preference', 'popularity'];
// Before the first run no answer tells by what venues are scored.
const profiles = new Map([['none', null]]);
const state = { person: null, first: null, venues: [], profile: null, chosen: null, occasion: null, before: new Map() };

async function showHealth() {
  const text = await ask('health', async () => {
    try {
      const run = (await call('/health')).body.published_run;
      return run ? `Run ${run.id}, computed from the data of ${new Date(run.snapshot_at).toLocaleString()}`
        : 'No run published yet: every answer is computed live';
    } catch (error) {
      return `The published run is not known. ${error.message}`;
    }
  });
  if (text && $('status').textContent !== text) $('status').textContent = text;
}

async function search() {
  const answer = await ask('people', async () => {
    const found = await call('/users?limit=12&q=' + encodeURIComponent($('search').value.trim()));
    state.first ??= found.body[0];
    return found;
  });
  if (answer) showPeople(answer.body, answer.headers.has('Link'));
}

function showPeople(people, areMore) {
  // Someone may have moved on to the people found before; with their buttons the focus in them would be lost.
  if ($('people').contains(document.activeElement)) $('search').focus();
  $('people').replaceChildren(...people.map(user => {
    const button = element('button', { type: 'button', onclick: () => guarded(() => pick(user)) },
      isolated(user.name), ' ', element('small', {}, '@' + user.handle));
    button.dataset.id = user.id;
    return element('li', {}, button);
  }));
  mark();
  $('found').textContent = areMore ? `The first ${people.length} people` : people.length > 1 ? `${people.length} people`
    : people.length ? '1 person' : 'Nobody';
}

function mark() {
  for (const button of $('people').querySelectorAll('button')) {
    button.setAttribute('aria-current', String(state.person !== null && button.dataset.id === state.person.id));
  }
}

async function pick(user) {
  if (state.person?.id !== user.id) history.pushState(null, '', '#' + user.id);
  await show(user);
}

async function show(user) {
  if (!state.person || state.person.id !== user.id) state.before = new Map();
  state.person = user;
  state.chosen = null;
  history.replaceState(null, '', '#' + user.id);
  mark();
  await redraw();
}

async function redraw() {
  await Promise.all([showHealth(), showVenues(), showCompanions(), showPlans()]);
}

// What a run scored by, and what is scored live while it is published.
async function profileOf(run) {
  if (!profiles.has(run)) profiles.set(run, (await call('/runs/' + run)).body.profile);
  return profiles.get(run);
}

// Draws list and map together, and says whether it did: not when something newer is asked meanwhile.
async function showVenues() {
  const { person } = state;
  const answer = await ask('venues', async () => {
    const { body, headers } = await call(`/reco/venues/${person.id}?limit=10&explain=true`);
    const profile = await profileOf(headers.get('Luna-Run'));
    return { body, headers, profile, surroundings: await surroundingsOf(person, body) };
  });
  if (!answer) return false;
  const { body, headers, profile, surroundings } = answer;
  // Nobody can see any more that the companions would be for it.
  const hasLeft = state.chosen !== null && !body.some(venue => venue.venue_id === state.chosen);
  if (hasLeft) state.chosen = null;
  state.venues = body;
  state.profile = profile;
  $('where').replaceChildren('Where ', isolated(person.name), ' should go');
  document.title = `${isolatedText(person.name)} in Luna`;
  $('source').textContent = headers.get('Luna-Source') === 'run'
    ? `Stored by run ${headers.get('Luna-Run')}, read by key.`
    : 'Computed live for this question.';
  $('legend').hidden = profile === null;
  fill('venues', body.map(venue => venueRow(person, venue)), 'No venues yet');
  drawMap(body, surroundings, state.chosen, venue => guarded(() => choose(venue)));
  if (hasLeft) await showCompanions();
  return true;
}

function share(className, part, whole) {
  const made = element('span', { className });
  made.style.width = (100 * part / whole || 0) + '%';
  return made;
}

// A full bar is the best score that a profile allows or, without one, the first venue's.
function shares(venue) {
  const { profile, venues } = state;
  if (!profile) return [share('total', venue.score, venues[0].score)];
  const best = profile.spatial_weight + profile.preference_weight * profile.preference_cap + profile.popularity_weight;
  return PARTS.map(part => share(part, profile[part + '_weight'] * venue[part + '_score'], best));
}

function venueRow(person, venue) {
  const bar = element('span', { className: 'bar' }, ...shares(venue));
  const distance = venue.distance_km === null ? '' : venue.distance_km.toFixed(2) + '\u00a0km';
  const name = element('span', { className: 'name' }, isolated(venue.venue_name),
    element('small', {}, isolated(venue.category ?? ''), venue.category && distance ? ' · ' : '', distance,
      moved(venue)));
  const row = element('button', {
    type: 'button', name: 'choose', className: 'row', onclick: () => guarded(() => choose(venue))
  }, element('span', { className: 'rank' }, String(venue.rank)), name, bar,
    element('span', { className: 'score' }, venue.score.toFixed(3)));
  row.dataset.venue = venue.venue_id;
  row.setAttribute('aria-pressed', String(state.chosen === venue.venue_id));
  const like = element('button', {
    type: 'button', name: 'like', className: 'like', onclick: () => guarded(() => likeVenue(person, venue))
  }, '♥');
  like.setAttribute('aria-label', `${person.name} likes ${venue.venue_name}`);
  return element('li', { id: 'venue-' + venue.venue_id }, row, like, element('small', { className: 'why' }, why(venue)));
}

// Stands below the venue while it is chosen. The person's own likes are counted now, everybody's were counted by the run.
function why(venue) {
  const { facts } = venue;
  const way = venue.distance_km === null ? 'no home is known' : `${venue.distance_km.toFixed(2)} km from home`;
  return [`near ${venue.spatial_score.toFixed(2)}: ${way}`,
    `own ${venue.preference_score.toFixed(2)}: ${facts.likes}\u00a0♥ and ${facts.dwell_seconds} s there`,
    `popular ${venue.popularity_score.toFixed(2)}: ${facts.venue_likes}\u00a0♥, `
      + `and the most liked venue has ${facts.max_likes}`].join(' · ');
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
  const answer = await ask('companions',
    () => call(`/reco/people/${person.id}?limit=8` + (chosen ? `&venue_id=${chosen}` : '')));
  if (!answer) return;
  const { body } = answer;
  const venue = state.venues.find(other => other.venue_id === chosen);
  const { occasion } = state;
  // Who is ticked stays so for the same plan only.
  const isSame = occasion?.person.id === person.id && occasion.venue.venue_id === chosen;
  const invited = isSame ? new FormData($('planning')).getAll('invited') : [];
  state.occasion = venue ? { person, venue } : null;
  $('occasion').replaceChildren(...venue ? ['At ', isolated(venue.venue_name)]
    : ['In general; choose a venue to ask for it, and to plan.']);
  fill('companions', body.map(friend => companionRow(friend, venue, invited.includes(friend.user_id))), 'No friends yet');
  $('appointment').hidden = !venue;
}

function companionRow(friend, venue, checked) {
  const name = venue ? element('label', {},
    element('input', { type: 'checkbox', name: 'invited', value: friend.user_id, checked }), ' ', isolated(friend.name))
    : isolated(friend.name);
  const row = element('li', { id: 'friend-' + friend.user_id },
    element('span', { className: 'rank' }, String(friend.rank)), name,
    element('span', { className: 'score' }, friend.score.toFixed(3)));
  if (venue) row.append(element('small', {}, `close ${friend.base_strength.toFixed(2)}, likes it `
    + `${friend.direct_pref.toFixed(2)}, likes its kind ${friend.category_pref.toFixed(2)}`));
  return row;
}

async function likeVenue(person, venue) {
  tell('…'); // What is noted once more is read out once more.
  await postOnce(`/venues/${venue.venue_id}/interactions`,
    { user_id: person.id, interaction_type: 'like', dwell_time: 60 });
  const noted = `Noted: ${isolatedText(person.name)} likes ${isolatedText(venue.venue_name)}.`;
  tell(noted);
  if (state.person.id !== person.id) return;
  state.before = new Map(state.venues.map(other => [other.venue_id, other.rank]));
  const scores = state.venues.map(other => other.score);
  const isDrawn = await redrawAfter(noted, showVenues);
  // A stored score and a live one may differ in the last digit.
  if (isDrawn && state.venues.every((other, i) => Math.abs(other.score - scores[i]) <= 1e-6 * Math.max(1, scores[i]))) {
    tell(noted + ' The next run counts it.');
    $('recompute').hidden = false;
  }
}

async function recompute() {
  const button = $('recompute');
  button.disabled = true;
  // A disabled button loses the focus.
  $('notice').focus({ preventScroll: true });
  let run;
  try {
    run = (await post('/runs', { kind: 'full' })).body;
    // What is liked from here on offers the next one.
    button.hidden = true;
    tell(run.sentence);
    while (run.state === 'running') {
      await new Promise(resolve => setTimeout(resolve, 400));
      try {
        run = (await call('/runs/' + run.id)).body;
        tell(run.sentence);
      } catch (error) {
        // The run goes on, whether it is seen or not.
        tell(`${run.sentence} ${error.message}`, true);
      }
    }
    if (run.state !== 'completed') button.hidden = false;
  } finally {
    button.disabled = false;
  }
  await redrawAfter(run.sentence, redraw);
}

$('recompute').addEventListener('click', () => guarded(recompute));

let typing;
$('search').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => guarded(search), 150);
});

// Shows whom the address names, or the first person when it names nobody.
async function showLinked() {
  const wanted = location.hash.slice(1);
  let user = state.first;
  let missed = '';
  tell('');
  if (wanted) {
    try {
      ({ body: user } = await call('/users/' + encodeURIComponent(wanted)));
    } catch (error) {
      missed = error.message;
      tell(missed, true);
    }
    if (location.hash.slice(1) !== wanted) return;
  }
  if (user) await redrawAfter(missed, () => show(user));
  else if (!wanted) tell('There are no people yet. `luna demo` makes a city to look at; `luna import DIR` brings your own.');
}

window.addEventListener('hashchange', () => guarded(showLinked));

guarded(async () => {
  await Promise.all([showHealth(), search()]);
  await showLinked();
});
