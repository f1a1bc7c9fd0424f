using System.Text.Json;

namespace ImageAspire.Api.Http;

/// <summary>Parsers of JSON values that several bodies have.</summary>
internal static class JsonValues
{
    private const int MaxShown = 50;

    /// <summary>true or false.</summary>
    public static Parsed<bool> Boolean(string name, JsonElement json) => json.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? json.GetBoolean() : Problems.BadRequest(ProblemCodes.InvalidParameter, $"{name} must be true or false.");

    /// <summary>A whole number within bounds.</summary>
    public static Func<string, JsonElement, Parsed<int>> WholeNumber(int least, int most) => (name, json) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var number) && number >= least && number <= most
            ? number : Problems.BadRequest(ProblemCodes.InvalidParameter, $"{name} must be a whole number from {least} to {most}.");

    /// <summary>The text of a JSON string; empty for any other value.</summary>
    public static string TextOrEmpty(this JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString()! : "";

    /// <summary>A text of the client, short enough for the detail of a problem.</summary>
    public static string Shorten(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";
}
