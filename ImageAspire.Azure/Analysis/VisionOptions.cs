namespace ImageAspire.Azure.Analysis;

/// <summary>Settings of Azure AI Vision (configuration section <c>Vision</c>). Its address is the connection string <c>vision</c>.</summary>
public sealed class VisionOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Vision";

    /// <summary>Language of tags, as the service names it.</summary>
    public string Language { get; set; } = "en";

    /// <summary>Ask for a caption. Some regions have none; then the service is asked again without.</summary>
    public bool Captions { get; set; } = true;

    /// <summary>How long one question may take; at most five minutes.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(100);
}
