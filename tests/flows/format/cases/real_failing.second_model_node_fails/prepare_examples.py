from promptflow.core import tool


@tool
def prepare_examples():
    return [
        {
            "url": "https://play.google.com/store/apps/details?id=com.spotify.music",
            "text_content": "Spotify is a free music and podcast streaming app with millions of songs.",
            "category": "App",
            "evidence": "Both",
        },
        {
            "url": "https://arxiv.org/abs/2307.04767",
            "text_content": "Semantic-SAM is an image segmentation model.",
            "category": "Academic",
            "evidence": "Text content",
        },
    ]
