// every class boots processes; two topologies at once would measure the machine, not the product
[assembly: CollectionBehavior(DisableTestParallelization = true)]
