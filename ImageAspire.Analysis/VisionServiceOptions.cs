using Microsoft.Extensions.Options;

namespace ImageAspire.Analysis;

/// <summary>A service with the Image Analysis 4.0 API (configuration section <c>Vision</c>). AppHost sets it.</summary>
internal sealed class VisionServiceOptions
{
    public const string Section = "Vision";

    /// <summary>Base address, without <c>/computervision</c>; empty for none: then the built-in analyser is used.</summary>
    public string Endpoint { get; set; } = "";

    public string Key { get; set; } = "";

    /// <summary>Time limit of one request, including its wait in the service's queue.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(100);
}

internal sealed class ValidateVisionServiceOptions : IValidateOptions<VisionServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, VisionServiceOptions options)
    {
        if (options.Endpoint.Length == 0)
            return ValidateOptionsResult.Success;
        List<string> problems = [];
        if (!Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            problems.Add($"{VisionServiceOptions.Section}:{nameof(options.Endpoint)} is '{options.Endpoint}', which is not an HTTP address.");
        if (options.Key.Length == 0 || options.Key.Any(c => c is <= ' ' or > '~'))
            problems.Add($"{VisionServiceOptions.Section}:{nameof(options.Key)} is missing or has characters that a header cannot have.");
        if (options.TimeLimit <= TimeSpan.Zero || options.TimeLimit > TimeSpan.FromMinutes(5))
            problems.Add($"{VisionServiceOptions.Section}:{nameof(options.TimeLimit)} is {options.TimeLimit}; it must be more than zero and at most 00:05:00.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
