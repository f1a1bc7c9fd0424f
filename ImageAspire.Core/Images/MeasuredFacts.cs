namespace ImageAspire.Core.Images;

/// <summary>The names of tags that are measured on the file, and do not say what is in the image.</summary>
public static class MeasuredFacts
{
    private static readonly HashSet<string> Colors =
        ["white", "grey", "black", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black and white"];

    private static readonly HashSet<string> Others =
    [
        "bright", "dark", "high contrast", "low contrast", "sharp", "blurry", "landscape", "portrait", "square", "panorama",
        "flash", "long exposure", "telephoto", "wide angle", "large aperture", "high iso",
        "animated", "several pages", "geotagged", "morning", "afternoon", "evening", "night",
    ];

    /// <summary>How many there are.</summary>
    public static int Count => Colors.Count + Others.Count;

    /// <summary>Whether a tag is a measured fact. "Orange" is one: the colour of many images, the fruit in few.</summary>
    public static bool Contains(string tag) => IsColor(tag) || Others.Contains(tag);

    /// <summary>Whether a tag is a colour: one of the eleven basic terms, or "black and white".</summary>
    public static bool IsColor(string tag) => Colors.Contains(tag);
}
