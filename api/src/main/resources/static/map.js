'use strict';
// The map of the demo's page: home in the middle, all venues around as dots, the ranked ones by their ranks.

function drawn(name, attributes, text) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// The map's centre, the venues around it, and where those are that are ranked.
async function surroundingsOf(person, ranked) {
  if (!ranked.length) return null;
  const hasHome = person.home_lat !== null;
  const { lat, lng } = hasHome ? { lat: person.home_lat, lng: person.home_lng }
    : (await call('/venues/' + ranked[0].venue_id)).body;
  const around = (await call(`/venues?near=${lat.toFixed(7)},${lng.toFixed(7)}&limit=1000`)).body;
  const placed = new Map(around.map(venue => [venue.id, venue]));
  await Promise.all(ranked.filter(venue => !placed.has(venue.venue_id)).map(async venue => {
    placed.set(venue.venue_id, (await call('/venues/' + venue.venue_id)).body);
  }));
  return { hasHome, centre: [lat, lng], around, placed };
}

// Whom `chosen` names is marked; a venue that is clicked goes to `choose`.
function drawMap(ranked, surroundings, chosen, choose) {
  const map = $('map');
  map.replaceChildren($('map-title'));
  if (!surroundings) return;
  const { hasHome, centre, around, placed } = surroundings;
  const kmPerDegree = 111.195, squeeze = Math.cos(centre[0] * Math.PI / 180);
  const km = venue => [(((venue.lng - centre[1] + 540) % 360) - 180) * kmPerDegree * squeeze,
    (centre[0] - venue.lat) * kmPerDegree];
  const reach = Math.max(0.3, ...ranked.map(venue => {
    const [x, y] = km(placed.get(venue.venue_id));
    return Math.max(Math.abs(x) / 90, Math.abs(y) / 60) * 60;
  }));
  const unit = 60 / (reach * 1.05);
  const steps = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000];
  const step = steps.find(length => length * unit > 18) || 10000;
  // The map ends at 70, and a ring's label stands above it.
  for (let ring = 1; ring * step * unit < 64; ring++) {
    map.append(drawn('circle', { class: 'ring', r: ring * step * unit }),
      drawn('text', { class: 'scale', y: -ring * step * unit - 2.5 }, `${+(ring * step).toFixed(2)} km`));
  }
  for (const venue of around) {
    const [x, y] = km(venue);
    map.append(drawn('circle', { class: 'all', cx: x * unit, cy: y * unit, r: 1 }));
  }
  if (hasHome) map.append(drawn('path', { class: 'home', d: 'M-4 0 0-4.5 4 0H3v4h-6V0z' }));
  for (const venue of [...ranked].reverse()) {
    const [x, y] = km(placed.get(venue.venue_id));
    const group = drawn('g', { class: 'venue', transform: `translate(${x * unit} ${y * unit})` });
    group.dataset.venue = venue.venue_id;
    group.classList.toggle('chosen', venue.venue_id === chosen);
    group.append(drawn('title', {}, `${venue.rank}. ${isolatedText(venue.venue_name)}`), drawn('circle', { r: 4.2 }),
      drawn('text', {}, venue.rank));
    group.addEventListener('click', () => choose(venue));
    map.append(group);
  }
}
