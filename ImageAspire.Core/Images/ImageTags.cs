namespace ImageAspire.Core.Images;

/// <summary>The tags of a record.</summary>
public static class ImageTags
{
    /// <summary>The tags of people and of the analyser together, without repetition.</summary>
    public static IReadOnlyList<string> AllTags(this ImageRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return [.. record.Tags.Concat(record.Analysis?.Tags.Select(tag => tag.Name) ?? []).Distinct(StringComparer.Ordinal)];
    }
}
