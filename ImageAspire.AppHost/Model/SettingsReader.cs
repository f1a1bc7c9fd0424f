using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.AppHost.Model;

/// <summary>Reads settings and collects their errors. An invalid one reads as its default.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private const int MinKey = 20;
    private const int MaxKey = 512;

    public IConfiguration Configuration => configuration;

    /// <summary>Every error so far, with its key and the valid values.</summary>
    public List<string> Errors { get; } = [];

    public TEnum OneOf<TEnum>(string key, TEnum fallback)
        where TEnum : struct, Enum
    {
        if (configuration[key] is not { Length: > 0 } text)
            return fallback;
        if (Enum.TryParse<TEnum>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]))
            return value;
        Errors.Add($"{key} is '{text}'; it must be one of {string.Join(", ", Enum.GetNames<TEnum>())}.");
        return fallback;
    }

    public int Number(string key, int fallback, int min, int max)
    {
        if (configuration[key] is not { Length: > 0 } text)
            return fallback;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        Errors.Add($"{key} is '{text}'; it must be a whole number from {min} to {max}.");
        return fallback;
    }

    public bool Flag(string key, bool fallback)
    {
        if (configuration[key] is not { Length: > 0 } text)
            return fallback;
        if (bool.TryParse(text, out var flag))
            return flag;
        Errors.Add($"{key} is '{text}'; it must be true or false.");
        return fallback;
    }

    /// <summary>The full path of a folder; a relative path is relative to the current folder.</summary>
    public string Folder(string key, string fallback) => Path.GetFullPath(configuration[key] is { Length: > 0 } folder ? folder : fallback);

    /// <summary>The API key, or the first line of the file with it; null for neither. Errors never contain the key.</summary>
    public string? ApiKey(string key, string fileKey)
    {
        var (text, from) = (configuration[key], key);
        if (configuration[fileKey] is { Length: > 0 } file)
        {
            if (text is { Length: > 0 })
                Errors.Add($"{key} and {fileKey} are both set. Leave one out.");
            (text, from) = (FirstLine(fileKey, file), $"the key in {fileKey}");
        }

        if (text is not { Length: > 0 })
            return null;
        if (text.Length is < MinKey or > MaxKey || text.Any(c => c is <= ' ' or > '~'))
            Errors.Add($"{from} must have {MinKey} to {MaxKey} printable ASCII characters, without spaces. Without this setting a key is generated.");
        return text;
    }

    private string? FirstLine(string key, string file)
    {
        try
        {
            var line = File.ReadLines(file).FirstOrDefault()?.Trim();
            if (string.IsNullOrEmpty(line))
                Errors.Add($"{key}: '{file}' is empty; its first line must be the key.");
            return line;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Errors.Add($"{key}: '{file}' cannot be read: {error.Message}");
            return null;
        }
    }
}
