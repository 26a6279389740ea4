package site

import "context"

func (s *Sites) seed(ctx context.Context) error { return nil }
