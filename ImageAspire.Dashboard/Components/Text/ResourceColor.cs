namespace ImageAspire.Dashboard.Components.Text;

/// <summary>
/// The colour of a resource: the same on every page, after every start and on every machine, because it comes from the name alone.
/// The colours themselves are in <c>telemetry.css</c>, one set for light and one for dark.
/// </summary>
internal static class ResourceColor
{
    /// <summary>How many there are.</summary>
    public const int Count = 12;

    /// <summary>The class that sets <c>--c</c> for a resource.</summary>
    public static string Class(string name) => $"c{Index(name)}";

    /// <summary>The class of the n-th line of a chart.</summary>
    public static string Class(int index) => $"c{index % Count}";

    // FNV-1a: string.GetHashCode differs from process to process. The bits that are taken give our own services a colour each.
    private static uint Index(string name)
    {
        var hash = 2_166_136_261u;
        foreach (var character in name)
            hash = (hash ^ character) * 16_777_619u;
        return (hash ^ (hash >> 13)) % Count;
    }
}
