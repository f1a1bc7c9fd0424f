using ImageAspire.Api.Http;
using Microsoft.OpenApi;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>Describes an operation of the protocol for the OpenAPI document; most of the protocol is in headers.</summary>
/// <param name="Name">Operation id.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Success">Status of success.</param>
/// <param name="Sent">Headers of the request; required ones end with <c>!</c>.</param>
/// <param name="Answered">Headers of the response.</param>
/// <param name="Problems">Statuses of problems.</param>
internal sealed record TusOperation(string Name, string Summary, int Success, string[] Sent, string[] Answered, int[] Problems)
{
    private static readonly Dictionary<string, (string Text, bool IsNumber)> Headers = new()
    {
        [TusHeaders.TusResumable] = ("The version of the protocol: 1.0.0.", false),
        [TusHeaders.TusVersion] = ("The supported versions.", false),
        [TusHeaders.TusExtension] = ("The supported extensions.", false),
        [TusHeaders.TusMaxSize] = ("Largest file, in bytes.", true),
        [TusHeaders.TusChecksumAlgorithm] = ("Algorithms for checksums.", false),
        [TusHeaders.UploadOffset] = ("How many bytes of the file are stored, durably.", true),
        [TusHeaders.UploadLength] = ("Size of the whole file in bytes.", true),
        [TusHeaders.UploadDeferLength] = ("1 while the size is not known.", true),
        [TusHeaders.UploadMetadata] = ("Pairs of a name and a Base64 text, separated by commas; filename becomes the name of the image.", false),
        [TusHeaders.UploadChecksum] = ("Algorithm and checksum of the body in Base64: sha1, sha256 or md5.", false),
        [TusHeaders.UploadExpires] = ("Until when the upload is kept without another byte.", false),
        [TusHeaders.MethodOverride] = ("PATCH, DELETE or HEAD, for clients that cannot send these.", false),
        [TusHeaders.ImageId] = ("The image, after the last byte.", false),
        [TusHeaders.ImageDuplicate] = ("true when these bytes were an image before.", false),
        ["Location"] = ("Address of the new upload; after the last byte, that of the image.", false),
    };

    private static readonly string[] Progress = [TusHeaders.UploadOffset, TusHeaders.UploadExpires, TusHeaders.ImageId, TusHeaders.ImageDuplicate, "Location"];
    private static readonly int[] OfChunks = [400, 409, 410, 412, 413, 415, 423, 460, 503, 507];

    public static TusOperation Create => new("CreateUpload", "Create a resumable upload, optionally with its first bytes in the body.", 201,
        [TusHeaders.UploadLength, TusHeaders.UploadDeferLength, TusHeaders.UploadMetadata, TusHeaders.UploadChecksum], Progress, [400, 412, 413, 415, 503, 507]);

    public static TusOperation Head => new("GetUploadOffset", "The offset of an upload.", 200, [],
        [.. Progress, TusHeaders.UploadLength, TusHeaders.UploadDeferLength, TusHeaders.UploadMetadata], [404, 410, 412, 415, 423, 503, 507]);

    public static TusOperation Patch => new("ContinueUpload", "Send the next bytes. Bytes received before a connection breaks are kept.", 204,
        [TusHeaders.UploadOffset + "!", TusHeaders.UploadLength, TusHeaders.UploadChecksum], Progress, [.. OfChunks, 404]);

    public static TusOperation Delete => new("RemoveUpload", "Terminate an upload and remove its bytes. An image that it became stays.", 204, [], [], [404, 410, 412, 423]);

    public static TusOperation Override => new("OverrideUploadMethod", "The other methods, for clients that can only send POST.", 204,
        [TusHeaders.MethodOverride + "!", TusHeaders.UploadOffset, TusHeaders.UploadLength, TusHeaders.UploadChecksum], Progress, [.. OfChunks, 404]);

    public static TusOperation Options(string name) => new(name, "The supported parts of the protocol.", 204, [],
        [TusHeaders.TusVersion, TusHeaders.TusExtension, TusHeaders.TusMaxSize, TusHeaders.TusChecksumAlgorithm], []);

    private bool IsQuestion => Name.StartsWith("GetUploadOptions", StringComparison.Ordinal);

    /// <summary>Whether it is about an existing upload.</summary>
    public bool IsOfOne => Name != Create.Name && !IsQuestion;

    private bool TakesChunk => Sent.Contains(TusHeaders.UploadChecksum);

    /// <summary>Adds headers and body to the operation in the document.</summary>
    public void Complete(OpenApiOperation operation)
    {
        foreach (var header in IsQuestion ? Sent : [TusHeaders.TusResumable + "!", .. Sent])
        {
            var name = header.TrimEnd('!');
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = name, In = ParameterLocation.Header, Required = header.EndsWith('!'), Description = Headers[name].Text, Schema = SchemaOf(name),
            });
        }

        if (operation.Responses?[TusHeaders.Text(Success)] is OpenApiResponse response)
        {
            response.Headers = Answered.Prepend(TusHeaders.TusResumable).ToDictionary(
                name => name, IOpenApiHeader (name) => new OpenApiHeader { Description = Headers[name].Text, Schema = SchemaOf(name) });
        }

        if (TakesChunk)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [TusHeaders.ContentType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                },
            };
        }
    }

    private static OpenApiSchema SchemaOf(string header) => Headers[header].IsNumber
        ? new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" }
        : new OpenApiSchema { Type = JsonSchemaType.String };
}

/// <summary>Adds operations of the protocol to the OpenAPI document.</summary>
internal static class TusOperationExtensions
{
    public static void Describe(this RouteHandlerBuilder endpoint, TusOperation operation) =>
        endpoint.WithName(operation.Name).WithSummary(operation.Summary).WithMetadata(operation).WithProblems(operation.Problems);
}
