-- Functions find what they name in Luna's own schema, whatever the search path of who calls them: through the views or as a
-- trigger that is anybody, such as postgres_fdw, a restore of a dump, or a session that writes rec.users. They looked along
-- the caller's path, where they found nothing, or another Luna to write the changes to.
--
-- A migration that replaces one of them has to say it again.

-- Its first schema is where the migrations put everything. Temporary tables come last, or they would be asked first.
do $$
begin
  perform set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
end
$$;

alter function adopt_transaction_numbers()         set search_path from current;
alter function complete_refresh_rankings(bigint)   set search_path from current;
alter function create_run_storage(bigint)          set search_path from current;
alter function drop_run_storage(bigint)            set search_path from current;
alter function forget_user_changes(pg_snapshot[])  set search_path from current;
alter function forget_venue_changes(pg_snapshot[]) set search_path from current;
alter function index_base_inputs(bigint)           set search_path from current;
alter function index_run_inputs(bigint)            set search_path from current;
alter function key_run_rankings(bigint, text)      set search_path from current;
alter function record_changed_homes()              set search_path from current;
alter function record_changes_of_user_id()         set search_path from current;
alter function record_publication()                set search_path from current;
alter function record_user_changes(uuid[])         set search_path from current;
alter function record_venue_changes()              set search_path from current;
alter function run_storage_bytes(bigint)           set search_path from current;
alter function seal_run_storage(bigint)            set search_path from current;
alter function unpack_companions(bytea)            set search_path from current;

-- As before, without another function of Luna's. The views call it three times per rank, where a path of its own would cost
-- more than what it does.
create or replace function packed_float4(packed bytea, byte_offset integer) returns real
language plpgsql immutable strict parallel safe as $$
declare
  bits     integer := (get_byte(packed, byte_offset) << 24) | (get_byte(packed, byte_offset + 1) << 16)
                        | (get_byte(packed, byte_offset + 2) << 8) | get_byte(packed, byte_offset + 3);
  sign     integer := case when bits < 0 then -1 else 1 end;
  exponent integer := (bits >> 23) & 255;
  mantissa integer := bits & 8388607;
begin
  if exponent = 255 then
    return null;
  elsif exponent = 0 then
    return (sign * mantissa * power(2::float8, -149))::real;
  else
    return (sign * (mantissa + 8388608) * power(2::float8, exponent - 150))::real;
  end if;
end
$$;
