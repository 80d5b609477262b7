'use strict';
// A person's plans on the demo's page: made at the chosen venue, answered, booked and cancelled.

const STEPS = {
  confirm: { name: 'Book', done: 'Booked' },
  cancel: { name: 'Cancel', done: 'Cancelled' },
  accept: { name: 'Accept', done: 'Accepted' },
  decline: { name: 'Decline', done: 'Declined' }
};

// Of a plan's states those that are not plain by their name.
const STATES = {
  booking: 'being booked',
  withdrawing: 'pending, the unanswered booking is being taken back',
  cancelling: 'cancelled, the booking is being cancelled'
};

const venueNames = new Map();
async function venueName(id) {
  if (!venueNames.has(id)) venueNames.set(id, (await call('/venues/' + id)).body.name);
  return venueNames.get(id);
}

async function showPlans() {
  const { person } = state;
  const answer = await ask('plans', async () => {
    const { body, headers } = await call(`/plans?user_id=${person.id}&limit=10`);
    return { plans: body, areMore: headers.has('Link'), names: await Promise.all(body.map(plan => venueName(plan.venue_id))) };
  });
  if (!answer) return;
  const { plans, areMore, names } = answer;
  $('planned').textContent = areMore ? `The latest ${plans.length} plans` : 'Plans';
  fill('plans', plans.map((plan, i) => planRow(person, plan, names[i])), 'No plans yet');
}

function planRow(person, plan, venue) {
  const start = new Date(plan.start_time).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  const people = plan.participants.flatMap((other, i) => [i ? ', ' : '', isolated(other.name), ` (${other.status})`]);
  return element('li', { id: 'plan-' + plan.id, tabIndex: -1 }, element('strong', {}, isolated(venue)),
    ': ' + (STATES[plan.state] ?? plan.state), element('small', {}, start), element('small', {}, ...people),
    ...stepsOf(person, plan).map(step => {
      const button = element('button', {
        type: 'button', name: step, onclick: () => guarded(() => take(step, person, plan, venue))
      }, STEPS[step].name);
      button.setAttribute('aria-label', `${STEPS[step].name}: ${venue}, ${start}`);
      return button;
    }));
}

// What is too late by now, the server refuses with a sentence.
function stepsOf(person, plan) {
  if (plan.status === 'cancelled') return [];
  if (plan.organizer_id === person.id) return ['pending', 'booking'].includes(plan.state) ? ['confirm', 'cancel'] : ['cancel'];
  const { status } = plan.participants.find(other => other.user_id === person.id);
  return ['accept', 'decline'].filter(step => STEPS[step].done.toLowerCase() !== status);
}

async function take(step, person, plan, venue) {
  const isAnswer = plan.organizer_id !== person.id;
  const place = isolatedText(venue);
  let outcome;
  let isRefused = false;
  try {
    const { body } = await call(`/plans/${plan.id}/${isAnswer ? `participants/${person.id}/` : ''}${step}`, { method: 'POST' });
    outcome = step === 'confirm' && body.status !== 'confirmed'
      ? `The provider has not answered yet. Luna goes on asking; book ${place} again to see what has come of it.`
      : `${STEPS[step].done}: ${place}.`
        + (body.booking ? ` The provider calls it ${isolatedText(body.booking.external_ref)}.` : '');
  } catch (error) {
    // A refusal may come from a plan that others have changed; it is drawn anew as well.
    outcome = error.message;
    isRefused = true;
  }
  tell(outcome, isRefused);
  await redrawAfter(outcome, showPlans);
}

async function makePlan() {
  const button = $('plan');
  const { person, venue } = state.occasion;
  const wanted = new FormData($('planning'));
  const hadFocus = document.activeElement === button;
  button.disabled = true;
  try {
    await postOnce('/plans', { organizer_id: person.id, venue_id: venue.venue_id,
      start_time: new Date(wanted.get('when')).toISOString(), participants: wanted.getAll('invited') });
  } finally {
    button.disabled = false;
    // A disabled button loses the focus.
    if (hadFocus && document.activeElement === document.body) button.focus({ preventScroll: true });
  }
  const planned = `Planned: ${isolatedText(person.name)} at ${isolatedText(venue.venue_name)}.`;
  tell(planned);
  await redrawAfter(planned, showPlans);
}

$('planning').addEventListener('submit', event => {
  event.preventDefault();
  guarded(makePlan);
});

const evening = new Date();
evening.setDate(evening.getDate() + 1);
evening.setHours(19, 0, 0, 0);
// The field is in local time, and its value without a zone.
$('when').value = new Date(evening - evening.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
