using System.Text;
using BenchmarkDotNet.Attributes;
using SuperMassive.Core.Storage;

namespace SuperMassive.Benchmarks.Storage;

/// <summary>REGX per key.</summary>
[MemoryDiagnoser]
public class Patterns
{
    private readonly byte[] _key = [.. "user:0000012345:session"u8];
    private KeyPattern _pattern = null!;

    [Params("session", "^user:\\d+:session$", "(?i)USER.*42")]
    public string Pattern { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        if (!KeyPattern.TryCreate(Encoding.UTF8.GetBytes(Pattern), 1_024, out var pattern, out var error))
            throw new InvalidOperationException(error);
        _pattern = pattern;
    }

    [Benchmark]
    public bool IsMatch() => _pattern.IsMatch(_key);
}
