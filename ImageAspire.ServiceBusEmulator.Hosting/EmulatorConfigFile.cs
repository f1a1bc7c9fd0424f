using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;

namespace ImageAspire.ServiceBusEmulator.Hosting;

/// <summary>Writes entities as the <c>Config.json</c> that the emulator, and the official one, reads.</summary>
internal static class EmulatorConfigFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, Converters = { new DurationConverter() },
    };

    /// <summary>Writes the file among the AppHost's files; the same entities are the same file.</summary>
    /// <returns>Its path.</returns>
    public static string Write(string resource, EmulatorEntities entities, IAspireStore store)
    {
        using var content = new MemoryStream(ToJson(entities));
        return store.GetFileNameWithContent($"{resource}-Config.json", content);
    }

    internal static byte[] ToJson(EmulatorEntities entities) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        UserConfig = new { Namespaces = new[] { new { Name = "sbemulatorns", entities.Queues, entities.Topics } }, Logging = new { Type = "Console" } },
    }, Options);

    // ISO 8601: PT1M.
    private sealed class DurationConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => XmlConvert.ToTimeSpan(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(XmlConvert.ToString(value));
    }
}
