"""Everything that leaves or enters: envelopes, trading partners, transports."""
