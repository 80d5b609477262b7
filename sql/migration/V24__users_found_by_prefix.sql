-- Users whose handle or name begins with a text, in any case. They are few as a rule, but were looked for by reading everybody
-- in the order of ids: of a million users that took seconds, and takes milliseconds by these indexes. They cost 60 MB
-- and 2 s of an import there. text_pattern_ops, as LIKE goes by bytes, not by a language's order.
create index users_lower_handle_idx on users (lower(handle) text_pattern_ops);
create index users_lower_name_idx on users (lower(name) text_pattern_ops);

-- The planner takes them only if it knows how many begin so. Of a table that is still empty it had better know nothing.
do $$
begin
  if exists (select from users) then
    analyze users;
  end if;
end
$$;
