"""The pack: public figures of the US government, cut to the trade, in one file that is only read.

Shipped in `academy/pack/academy.sqlite`; `daysheet academy load` writes a newer one into the state folder, which then
comes first. Pages ask it through `pack.rows`; nothing else opens the file.
"""
