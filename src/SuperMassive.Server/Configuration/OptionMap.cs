namespace SuperMassive.Server.Configuration;

/// <summary>
/// One pass over the keys of one section. Reading and writing are the same pass with a different map, so that each key is
/// declared once: its name, its kind and the property it fills stand in one line of a Bind method.
/// </summary>
internal abstract class OptionMap
{
    /// <summary>A published key: always written; when it is absent from the file, <paramref name="value"/> stays.</summary>
    public abstract T Value<T>(string key, OptionKind<T> kind, T value);

    /// <summary>A key without which the section means nothing.</summary>
    public abstract T Required<T>(string key, OptionKind<T> kind, T value);

    /// <summary>A key that is written only when its value is not <paramref name="standard"/>.</summary>
    public abstract T Optional<T>(string key, OptionKind<T> kind, T value, T standard);

    /// <summary>A file of which a relative path starts at the folder of the configuration file.</summary>
    /// <param name="none">How the published format writes that there is none: <c>/</c> or nothing.</param>
    public abstract string Path(string key, string value, string none);

    public abstract T Section<T>(string key, T value, Func<OptionMap, T, T> bind);

    public abstract T OptionalSection<T>(string key, T value, T standard, Func<OptionMap, T, T> bind);

    /// <param name="item">What an item of the file starts from.</param>
    public abstract IReadOnlyList<T> List<T>(string key, IReadOnlyList<T> value, T item, Func<OptionMap, T, T> bind);

    /// <summary>When reading, reports what <paramref name="problemOf"/> finds wrong, at the line of <paramref name="key"/>.</summary>
    /// <remarks>Not asked when the key's own value was already refused.</remarks>
    public abstract void Check(string key, Func<string?> problemOf);

    /// <summary>When reading, refuses an address that an earlier key of the file has too.</summary>
    public abstract void CheckDistinct(string key, string address);
}
