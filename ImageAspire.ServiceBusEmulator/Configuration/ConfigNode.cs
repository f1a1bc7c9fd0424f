using System.Text;
using System.Text.Json;

namespace ImageAspire.ServiceBusEmulator.Configuration;

/// <summary>A value of a JSON file that knows where it is. Names are compared without case, as the official emulator does.</summary>
internal sealed class ConfigNode(string file, string path, int line, JsonTokenType kind, string text)
{
    public Dictionary<string, ConfigNode> Members { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<ConfigNode> Items { get; } = [];

    public JsonTokenType Kind => kind;

    public string Text => text;

    /// <exception cref="ConfigException">The text is no JSON.</exception>
    public static ConfigNode Parse(string file, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            reader.Read();
            var root = Read(ref reader, bytes, file, "$");
            reader.Read();
            return root;
        }
        catch (JsonException error)
        {
            throw new ConfigException($"{file}({error.LineNumber + 1}): {error.Message}");
        }
    }

    public ConfigException Error(string message) => new($"{file}({line}): {path}: {message}");

    /// <exception cref="ConfigException">It is no object, or has a member that is not among these names.</exception>
    public ConfigNode Object(params ReadOnlySpan<string> names)
    {
        if (Kind != JsonTokenType.StartObject)
            throw Error("An object is expected here.");
        foreach (var (name, member) in Members)
        {
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw member.Error($"'{name}' is unknown here. Known are: {string.Join(", ", names!)}.");
        }

        return this;
    }

    public ConfigNode? Find(string name) => Members.TryGetValue(name, out var member) && member.Kind != JsonTokenType.Null ? member : null;

    public ConfigNode Get(string name) => Find(name) ?? throw Error($"'{name}' is missing.");

    public List<ConfigNode> List(string name) => Find(name) is not { } list ? [] : list.Kind == JsonTokenType.StartArray ? list.Items : throw list.Error("A list is expected here.");

    public string AsText() => Kind == JsonTokenType.String ? Text : throw Error("A text is expected here.");

    /// <summary>The value of a member, read by a function; another one when it is missing.</summary>
    public T Value<T>(string name, Func<ConfigNode, T> read, T otherwise) => Find(name) is { } member ? read(member) : otherwise;

    private static ConfigNode Read(ref Utf8JsonReader reader, byte[] bytes, string file, string path)
    {
        var line = 1 + bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
        var kind = reader.TokenType;
        var node = new ConfigNode(file, path, line, kind, kind switch
        {
            JsonTokenType.String => reader.GetString()!, JsonTokenType.StartObject or JsonTokenType.StartArray => "", _ => Encoding.UTF8.GetString(reader.ValueSpan),
        });
        if (kind == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                node.Items.Add(Read(ref reader, bytes, file, $"{path}[{node.Items.Count}]"));
        }

        while (kind == JsonTokenType.StartObject && reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            node.Members[name] = Read(ref reader, bytes, file, $"{path}.{name}");
        }

        return node;
    }
}
