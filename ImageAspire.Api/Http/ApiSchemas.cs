using ImageAspire.Api.Images;
using ImageAspire.Core.Images;
using Microsoft.OpenApi;

namespace ImageAspire.Api.Http;

/// <summary>Completes the schemas with what the serializer does and the generator cannot know.</summary>
internal static class ApiSchemas
{
    public static void Complete(OpenApiDocument document)
    {
        var schemas = document.Components?.Schemas ?? throw new InvalidOperationException("The OpenAPI document has no schemas.");
        foreach (var schema in schemas.Values.OfType<OpenApiSchema>())
        {
            if (schema.Enum is { Count: > 0 })
                schema.Type ??= JsonSchemaType.String;
            foreach (var (name, member) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
            {
                if (MayBeNull(member))
                    schema.Required?.Remove(name); // null is left out of the JSON
            }
        }

        // A converter of our own writes it: the record's members and one more.
        schemas[nameof(ImageAnswer)] = new OpenApiSchema
        {
            Description = schemas[nameof(ImageAnswer)].Description,
            AllOf =
            [
                new OpenApiSchemaReference(nameof(ImageRecord), document),
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["duplicate"] = new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "True when nothing new was stored; else absent." },
                    },
                },
            ],
        };
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true || schema.OneOf?.Any(one => one.Type == JsonSchemaType.Null) == true;
}
