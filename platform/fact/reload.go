package fact

import "context"

// Reload reads all facts anew, for when records are gone or have other names, which
// Refresh cannot see. Until it is done the old facts stand.
func (s *Store) Reload(ctx context.Context) error {
	fresh := New(s.source)
	if err := fresh.Refresh(ctx); err != nil {
		return err
	}
	s.refresh.Lock()
	defer s.refresh.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest, s.looked, s.first, s.last = fresh.newest, fresh.looked, fresh.first, fresh.last
	s.measures, s.units, s.people, s.cats, s.topics, s.records = fresh.measures, fresh.units, fresh.people, fresh.cats, fresh.topics, fresh.records
	s.at, s.rows = fresh.at, fresh.rows
	return nil
}
