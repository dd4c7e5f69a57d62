module linnet/benchmarks/go-peers

go 1.19
