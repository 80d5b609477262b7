#!/usr/bin/env python3
"""Makes this town and what its rankings must be.

An implementation of the two formulas independent of Luna's: another language, plain haversine, everything scored and
sorted. Run it in this folder; the output is always the same. Columns and layout are those of `luna import`; `expected/`
holds one JSON object a line:

  venues.jsonl.gz           user_id, venues: the top 50 as [venue_id, score, spatial, preference, popularity]
  people.jsonl.gz           user_id, venue_id (null), companions: all friends as [user_id, score]
  people-at-venue.jsonl.gz  the same at the venue that most of the user's friends have been to
"""
import gzip
import json
import math
import random
import uuid

USERS, VENUES, EXPECTED = 300, 400, 60
random.seed(17)


def new_id():
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def write(name, header, rows):
    with open(name, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as out:
        out.write((header + "\n").encode())
        for row in rows:
            out.write((",".join("" if v is None else str(v) for v in row) + "\n").encode())


def write_json(name, objects):
    with open(name, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as out:
        for o in objects:
            out.write((json.dumps(o) + "\n").encode())


CREATED = "2025-01-01T00:00:00Z"
categories = ["bakery", "bar", "museum", "park", "cinema", "market", None]
hubs = [(48.137, 11.575), (48.160, 11.500), (48.100, 11.620), (-17.0, 179.99), (89.9, 10.0)]


def around(hub, km):
    lat = hub[0] + random.gauss(0, km / 111)
    lng = hub[1] + random.gauss(0, km / 111 / max(0.05, math.cos(math.radians(hub[0]))))
    return round(max(-90, min(90, lat)), 6), round((lng + 180) % 360 - 180, 6)


users = {}
for n in range(USERS):
    if n % 25 == 24:
        home = (None, None)
    else:
        home = around(hubs[0 if n % 3 == 0 else n % 5], 2)
    users[new_id()] = home
venues = {}
place = None
for n in range(VENUES):
    if n % 9 != 8:  # every ninth stands where the one before does
        place = around(hubs[n % 5], 3)
    venues[new_id()] = (place, categories[n % 7])

venue_ids = list(venues)
interactions = []


def counted(first, n):
    """An id that compresses well, for rows whose ids do not matter."""
    return f"{first:08x}-0000-4000-8000-{n:012x}"


for n, user in enumerate(users):
    for _ in range(0 if n % 20 == 19 else random.randrange(3, 30)):
        venue = venue_ids[min(VENUES - 1, int(random.expovariate(0.02)))]
        kind = random.choice(["view", "view", "view", "interest", "like"])
        interactions.append((counted(1, len(interactions)), user, venue, kind, random.randrange(0, 400) if kind == "view" else None, CREATED))
edges = {}
user_ids = list(users)
for n, user in enumerate(users):
    for friend in random.sample(user_ids, n % 7 * 5):
        if friend != user:
            edges[user, friend] = (random.randrange(0, 101) / 100, counted(2, len(edges)))

write("users.csv.gz", "id,handle,name,age,home_lat,home_lng,created_at",
      [(u, f"person_{n}", f"Person {n}", None, *home, CREATED) for n, (u, home) in enumerate(users.items())])
write("venues.csv.gz", "id,name,description,category,lat,lng,price_level,rating,created_at",
      [(v, f"Venue {n}", None, c, *at, None, None, CREATED) for n, (v, (at, c)) in enumerate(venues.items())])
write("interactions.csv.gz", "id,user_id,venue_id,interaction_type,dwell_time,created_at", interactions)
write("social_edges.csv.gz", "id,user_id,other_user_id,relationship_type,strength,created_at",
      [(i, u, f, "friend", s, CREATED) for (u, f), (s, i) in edges.items()])

likes, dwell, venue_likes = {}, {}, dict.fromkeys(venues, 0)
for _, user, venue, kind, seconds, _ in interactions:
    likes[user, venue] = likes.get((user, venue), 0) + (kind != "view")
    dwell[user, venue] = dwell.get((user, venue), 0) + (seconds or 0)
    venue_likes[venue] += kind != "view"
max_likes = max(venue_likes.values())


def haversine_km(a, b):
    p, q = math.radians(a[0]), math.radians(b[0])
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1, math.sqrt(h)))


def preference(user, venue):
    return min(1, 0.5 * likes.get((user, venue), 0) + dwell.get((user, venue), 0) / 300)


def taste(user, category):
    mine = [v for (u, v) in likes if u == user and venues[v][1] == category]
    return min(1, 0.3 * sum(likes[user, v] for v in mine) + sum(dwell[user, v] for v in mine) / 600)


def ranked_venues(user):
    ranked = []
    for venue, (at, _) in venues.items():
        spatial = 0 if users[user][0] is None else math.exp(-0.3 * haversine_km(users[user], at))
        own, popularity = preference(user, venue), venue_likes[venue] / max_likes
        score = 0.4 * spatial + 0.4 * own + 0.2 * popularity
        ranked.append([venue, score, round(spatial, 9), round(own, 9), round(popularity, 9)])
    return sorted(ranked, key=lambda v: (-v[1], v[0]))[:50]


def companions(user, venue):
    category = venues[venue][1] if venue else None
    ranked = []
    for (u, friend), (strength, _) in edges.items():
        if u == user:
            direct = preference(friend, venue) if venue else 0
            liking = taste(friend, category) if category else 0
            ranked.append([friend, 0.6 * strength + 0.25 * direct + 0.15 * liking])
    return sorted(ranked, key=lambda f: (-f[1], f[0]))


def favourite(user):
    been = {}
    for (u, friend) in edges:
        if u == user:
            for (visitor, venue) in likes:
                if visitor == friend:
                    been[venue] = been.get(venue, 0) + 1
    return min(been, key=lambda v: (-been[v], v)) if been else None


chosen = sorted(users)[:EXPECTED]
write_json("expected/venues.jsonl.gz", [{"user_id": u, "venues": ranked_venues(u)} for u in chosen])
write_json("expected/people.jsonl.gz", [{"user_id": u, "venue_id": None, "companions": companions(u, None)} for u in chosen])
write_json("expected/people-at-venue.jsonl.gz",
           [{"user_id": u, "venue_id": favourite(u), "companions": companions(u, favourite(u))} for u in chosen])
