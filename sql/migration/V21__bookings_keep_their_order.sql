-- What a booking asks for stands with it: a repeated request has the first one's key, so it must have its body, whatever has
-- become of the venue's and the organizer's data meanwhile.
alter table bookings
  add column venue_id        uuid, -- no foreign key: a booking that has ended does not keep a venue
  add column venue_name      text,
  add column venue_lat       double precision,
  add column venue_lng       double precision,
  add column start_time      timestamptz,
  add column organizer_name  text,
  add column calls           integer not null default 0; -- of the provider, ever; after the first, a refusal ends nothing

-- Open bookings go on as they would be sent now. Whether they were is not known, so they count as sent.
update bookings b
set venue_id = v.id, venue_name = v.name, venue_lat = v.lat, venue_lng = v.lng, start_time = p.start_time,
    organizer_name = u.name, calls = 1
from plans p, venues v, users u
where p.id = b.plan_id and v.id = p.venue_id and u.id = p.organizer_id;

alter table bookings
  alter column venue_id        set not null,
  alter column venue_name      set not null,
  alter column venue_lat       set not null,
  alter column venue_lng       set not null,
  alter column start_time      set not null,
  alter column organizer_name  set not null,
  add constraint bookings_calls_check check (calls >= 0);
