namespace ImageAspire.Core.Images;

/// <summary>The stages that a record's <see cref="ImageFailure.Stage"/> may name.</summary>
public static class StageNames
{
    /// <summary>Decodes and measures.</summary>
    public const string InspectImage = nameof(InspectImage);

    /// <summary>Asks the vision service.</summary>
    public const string AnalyzeImage = nameof(AnalyzeImage);
}
