using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace ImageAspire.Tests.Fuzz;

/// <summary>Makes requests for the operations of the OpenAPI document: parameters that fit and that do not, known ids, bodies, headers.</summary>
internal sealed class RequestFuzzer
{
    private const int KeptIds = 40;
    private static readonly string[] OtherHeaders = ["If-Match", "If-None-Match", "Range", "If-Range", "Accept", "Accept-Encoding", "Last-Event-ID", "X-File-Name", "traceparent", "baggage", "Origin",
        "Sec-Fetch-Site", "Cookie", "Authorization", "X-HTTP-Method-Override", "Content-Encoding", "Forwarded", "X-Forwarded-For", "Prefer", "Expect"];
    private static readonly string[] HeaderValues = ["*", "\"1\"", "W/\"1\"", "\"1\", \"2\"", "bytes=0-", "bytes=-1", "bytes=5-2", "bytes=0-0,2-3,4-9", "bytes=99999999999999999999-", "text/html;q=9", "gzip",
        "00-00000000000000000000000000000000-0000000000000000-00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff", "Bearer x", "PUT", "DELETE", "100-continue", "filename d29ybGQ=", "sha256 AAAA", "md5 x"];
    private static readonly string[] MediaTypes = ["application/json", "image/jpeg", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a b\"", "x", "application/json; charset=utf-16", "application/x-www-form-urlencoded"];

    private readonly IReadOnlyList<FuzzOperation> _operations;
    private readonly FuzzJson _json;
    private readonly IReadOnlyList<byte[]> _files;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _ids = new();

    /// <param name="files">Files of the formats that are accepted.</param>
    public RequestFuzzer(IReadOnlyList<byte[]> files)
    {
        (var document, _operations) = FuzzOperation.Read();
        (_json, _files) = (new FuzzJson(document), files);
    }

    /// <summary>Remembers an id, of the kind of <see cref="FuzzOperation.Kind"/>; the oldest of many is forgotten.</summary>
    public void Learn(string kind, string id)
    {
        var ids = _ids.GetOrAdd(kind, _ => new ConcurrentQueue<string>());
        ids.Enqueue(id);
        while (ids.Count > KeptIds)
            ids.TryDequeue(out _);
    }

    /// <summary>A request.</summary>
    public (FuzzOperation Operation, HttpRequestMessage Request) Next(Random random)
    {
        var operation = _operations[random.Next(_operations.Count)];
        var request = new HttpRequestMessage(operation.Method, new Uri(Address(operation, random), UriKind.Relative)) { Content = Body(operation, random) };
        foreach (var header in operation.Parameters.Where(one => one.In == "header"))
            Add(request, header.Name, random.Next(4) > 0 ? Fitting(header, random) : FuzzText.Any(random));
        for (var i = random.Next(4) == 0 ? random.Next(1, 4) : 0; i > 0; i--)
            Add(request, OtherHeaders[random.Next(OtherHeaders.Length)], random.Next(3) > 0 ? HeaderValues[random.Next(HeaderValues.Length)] : FuzzText.Any(random));
        return (operation, request);
    }

    private string Address(FuzzOperation operation, Random random)
    {
        var path = operation.Path;
        foreach (var parameter in operation.Parameters.Where(one => one.In == "path"))
            path = path.Replace($"{{{parameter.Name}}}", Uri.EscapeDataString(PathValue(operation, parameter, random)), StringComparison.Ordinal);
        var query = operation.Parameters.Where(one => one.In == "query" && random.Next(3) == 0).Select(one => (one.Name, Value: random.Next(3) > 0 ? Fitting(one, random) : FuzzText.Any(random))).ToList();
        if (random.Next(15) == 0)
            query.Add((FuzzText.Any(random), FuzzText.Any(random)));
        if (query.Count > 0 && random.Next(12) == 0)
            query.Add(query[0]); // twice
        return path + (query.Count == 0 ? "" : "?" + string.Join('&', query.Select(one => $"{Uri.EscapeDataString(one.Name)}={Uri.EscapeDataString(one.Value)}")));
    }

    private string PathValue(FuzzOperation operation, FuzzParameter parameter, Random random)
    {
        if (random.Next(6) == 0)
            return FuzzText.Any(random).Trim('.') is { Length: > 0 } text ? text : "x"; // a dot alone would be resolved by the client, to another operation
        if (parameter.Name == "name")
            return ((string[])["inspect-image", "analyze-image", "record-audit", "nothing"])[random.Next(4)];
        return _ids.TryGetValue(operation.Kind, out var ids) && ids.ToArray() is { Length: > 0 } known ? known[random.Next(known.Length)] : Guid.CreateVersion7().ToString();
    }

    private static string Fitting(FuzzParameter parameter, Random random)
    {
        if (parameter.Name == "Tus-Resumable")
            return "1.0.0";
        if (parameter.Schema["enum"] is JsonArray { Count: > 0 } values)
            return values[random.Next(values.Count)]?.ToString() ?? "";
        return (string?)parameter.Schema["type"] == "integer" ? FuzzText.Number(random) : FuzzJson.Text(parameter.Schema, random);
    }

    private HttpContent? Body(FuzzOperation operation, Random random)
    {
        if (operation.Bodies.Count == 0)
            return random.Next(10) == 0 && operation.Method != HttpMethod.Head ? new ByteArrayContent(FuzzText.Bytes(random, random.Next(200))) : null;
        var (type, schema) = operation.Bodies[random.Next(operation.Bodies.Count)];
        if (type == "multipart/form-data" && random.Next(5) > 0)
            return Form(random);
        var body = new ByteArrayContent(type.Contains("json", StringComparison.Ordinal) ? _json.Body(schema, random) : File(random));
        body.Headers.TryAddWithoutValidation("Content-Type", random.Next(8) == 0 ? MediaTypes[random.Next(MediaTypes.Length)] : type == "image/*" ? "image/jpeg" : type);
        return body;
    }

    private MultipartFormDataContent Form(Random random)
    {
        var form = new MultipartFormDataContent($"b{random.Next()}");
        for (var i = random.Next(4); i >= 0; i--)
        {
            var part = new ByteArrayContent(File(random));
            part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = random.Next(6) == 0 ? "other" : "file", FileNameStar = FuzzText.Any(random) };
            form.Add(part);
        }

        return form;
    }

    // Another end makes another image of it: the same bytes would be a duplicate.
    private byte[] File(Random random) => random.Next(4) switch
    {
        0 => FuzzText.Bytes(random, random.Next(400)),
        1 => _files[random.Next(_files.Count)][..random.Next(1, 60)],
        _ => [.. _files[random.Next(_files.Count)], .. FuzzText.Bytes(random, 4)],
    };

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        // The client refuses line breaks and what is not ASCII; RawRequests sends those.
        var text = new string([.. value.Where(one => one is >= ' ' and < '\x7F')]);
        if (!request.Headers.TryAddWithoutValidation(name, text))
            request.Content?.Headers.TryAddWithoutValidation(name, text);
    }
}
