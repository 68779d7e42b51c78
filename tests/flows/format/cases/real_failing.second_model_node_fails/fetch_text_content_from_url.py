from promptflow.core import tool

PAGES = {"play.google.com": "X on the App Store. Download X and join the conversation. " * 40}


@tool
def fetch_text_content_from_url(url: str):
    # the page is looked up rather than fetched
    try:
        for host, text in PAGES.items():
            if host in url:
                return text[:2000]
        return "No available content"
    except Exception as e:
        print(f"Get url failed with error: {e}")
        return "No available content"
