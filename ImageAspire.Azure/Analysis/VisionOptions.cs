namespace ImageAspire.Azure.Analysis;

/// <summary>Settings of Azure AI Vision (configuration section <c>Vision</c>). Its address is the connection string <c>vision</c>.</summary>
internal sealed class VisionOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Vision";

    /// <summary>Language of tags, as a code of the service, for example <c>en</c>.</summary>
    public string Language { get; set; } = "en";

    /// <summary>Whether to request captions. Some regions have none; then requests are repeated without.</summary>
    public bool Captions { get; set; } = true;

    /// <summary>Time limit of a request; at most five minutes.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(100);
}
