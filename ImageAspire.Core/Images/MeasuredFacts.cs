namespace ImageAspire.Core.Images;

/// <summary>The names of tags that are measured on the file, and do not say what is in the image.</summary>
public static class MeasuredFacts
{
    /// <summary>The eleven basic colour terms, lighter first.</summary>
    public static readonly IReadOnlyList<string> Colors = ["white", "grey", "black", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown"];

    private static readonly HashSet<string> Names =
    [
        .. Colors, "black and white", "bright", "dark", "high contrast", "low contrast", "sharp", "blurry",
        "landscape", "portrait", "square", "panorama", "flash", "long exposure", "telephoto", "wide angle", "large aperture", "high iso",
        "animated", "several pages", "geotagged", "morning", "afternoon", "evening", "night",
    ];

    /// <summary>Whether a tag is a measured fact. "Orange" is one: the colour of many images, a fruit in few.</summary>
    public static bool Contains(string tag) => Names.Contains(tag);
}
